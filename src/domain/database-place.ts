/** True for the address of a PostgreSQL database; anything else is the path of a SQLite file. */
export function isPostgres(database: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(database)
}
