/** In SQL, what a column of JSON has there; null where its text is no JSON, for which SQLite else refuses the whole query. */
export function inJson(column: string, path: string): string {
  return `case when json_valid(${column}) then ${column} ->> '${path}' end`
}
