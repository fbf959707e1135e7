import pg from 'pg'

const system = /^(ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/
/** The words of pg when a connection ended, or gave no answer in time. */
const said =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/
/** The server's codes when it ends a connection, as when it is stopped. Source: PostgreSQL 18, appendix A. */
const ended = ['57P01', '57P02', '57P03']
/** The words of PgBouncer while it has no connection to the server to give. Its code for all of them is 08P01. Source: PgBouncer 1.18. */
const saidByPooler =
  /^(query_wait_timeout|client_login_timeout|no more connections allowed|server conn crashed|server login has been failing)/

/** True if the connection caused the error: it could not be made, ended, or gave no answer in time. */
export function isLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isLost)
  if (!(error instanceof Error)) return false
  if (error instanceof pg.DatabaseError) return ended.includes(error.code ?? '') || saidByPooler.test(error.message)
  const { code = '', syscall } = error as NodeJS.ErrnoException
  // A socket that is not there; and not a file of the app's own.
  return system.test(code) || (code === 'ENOENT' && syscall === 'connect') || said.test(error.message)
}
