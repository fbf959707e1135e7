/**
 * In SQL, the value at this path in a JSON column; null if its text is not JSON, for which SQLite would otherwise
 * refuse the whole query.
 */
export function inJson(column: string, path: string): string {
  return `case when json_valid(${column}) then ${column} ->> '${path}' end`
}
