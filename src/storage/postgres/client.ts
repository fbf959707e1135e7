import pg from 'pg'

type Connected = (error: Error | null) => void

type Config = pg.ClientConfig & {
  /** Settings of the connection, by their names. */
  readonly session?: Readonly<Record<string, string>>
  /** Called if something between here and the server makes the connections to it. Throws if Countersign can't work with that. */
  readonly onBetween?: () => Promise<void>
}

/**
 * A connection as pg makes it, apart from its settings, and what becomes of it if signing in fails: see below. The settings
 * are no part of the first message, since a pooler refuses some there, or forgets them.
 */
export class Client extends pg.Client {
  readonly #session: Readonly<Record<string, string>>
  readonly #onBetween: () => Promise<void>
  /** False if a pooler or something like it makes the connections to the server. */
  isDirect = true
  constructor({ session = {}, onBetween = async () => {}, ...config }: Config = {}) {
    super(config)
    this.#session = session
    this.#onBetween = onBetween
  }

  override connect(): Promise<pg.Client>
  override connect(done: Connected): void
  override connect(done?: Connected): Promise<pg.Client> | undefined {
    if (done === undefined)
      return new Promise((resolve, reject) => this.connect((error) => (error ? reject(error) : resolve(this))))
    // Without a listener, the process would end.
    this.on('error', passOver)
    const finish: Connected = (error) => {
      this.off('error', passOver)
      done(error)
    }
    super.connect((error: Error | null) => {
      if (error) this.#fail(error, finish)
      else
        this.#prepare().then(
          () => finish(null),
          (why) => this.#fail(why, finish),
        )
    })
    return undefined
  }

  async #prepare(): Promise<void> {
    const settings = Object.entries(this.#session).map(
      ([name, value]) => `pg_catalog.set_config('${name}', '${value}', false)`,
    )
    const { rows } = await this.query<{ pid: number }>(
      `select ${[...settings, 'pg_catalog.pg_backend_pid() as pid'].join(', ')}`,
    )
    this.isDirect = rows[0]?.pid === processOf(this)
    if (!this.isDirect) await this.#onBetween()
  }

  /** pg leaves it open, as without a password, and the process would go on until the server gives up, a minute later. */
  #fail(error: Error, done: Connected): void {
    this.on('error', passOver)
    this.end(() => {})
    done(!this.password && isAskedFor(error) ? new PasswordMissing(error) : error)
  }
}

/** True if what this connection carries from here can't be read on the way, to the server or to a pooler. */
export function isEncrypted(on: pg.ClientBase): boolean {
  const { connection } = on as unknown as { readonly connection: { readonly stream: { readonly encrypted?: boolean } } }
  return connection.stream.encrypted === true
}

/** The process at the server, as the first answer names it; a pooler names none or another. Source: PostgreSQL 18, 54.7 "BackendKeyData". */
function processOf(on: pg.Client): number | null {
  return (on as unknown as { readonly processID: number | null }).processID
}

function passOver(): void {}

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
