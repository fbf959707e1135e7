import pg from 'pg'

type Connected = (error: Error) => void

/** A connection as pg makes it, apart from what becomes of it if signing in fails: see below. */
export class Client extends pg.Client {
  override connect(): Promise<pg.Client>
  override connect(done: Connected): void
  override connect(done?: Connected): Promise<pg.Client> | undefined {
    if (done === undefined) return super.connect()
    super.connect((error: Error) => {
      // pg leaves it open, as without a password, and the process would go on until the server gives up, a minute later.
      if (error) this.end(() => {})
      done(!this.password && isAskedFor(error) ? new PasswordMissing(error) : error)
    })
    return undefined
  }
}

/** The server asks for a password, and there is none. */
export class PasswordMissing extends Error {
  override name = 'PasswordMissing'
  constructor(cause: Error) {
    super(cause.message, { cause })
  }
}

/** The words of pg without a password, and the server's code for one that it refuses. Source: pg 8.23.1, crypto/sasl.js; PostgreSQL 18, appendix A. */
function isAskedFor(error: Error | null): boolean {
  if (error instanceof pg.DatabaseError) return error.code === '28P01'
  return /client password must be a (?:non-empty )?string/.test(error?.message ?? '')
}
