import pg from 'pg'
import { asTyped } from '../../domain/as-typed.ts'
import { Outage } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import { visible } from '../../domain/text.ts'
import { grantTo } from '../grant-to.ts'
import { LogTrouble } from '../log-trouble.ts'
import { PasswordMissing } from './client.ts'
import { Unanswered } from './commit.ts'
import { isLost } from './lost.ts'
import { PoolerShares } from './pooler.ts'

const unreachable = "the database can't be reached"

/** The server's codes for troubles that no other statement would mend. Source: PostgreSQL 18, appendix A. */
const troubles: Readonly<Record<string, string>> = {
  '25006': 'the database is read-only: it may be a standby',
  '28000': 'the database does not let Countersign in',
  '28P01': 'the database refuses the password of Countersign',
  '3D000': 'the server has no database of that name',
  '42501': 'the role of Countersign may not do this in the database',
  '53100': 'the disk of the database is full',
  '53200': 'the server of the database has no memory left',
  '53300': 'the server of the database takes no more connections',
  '55P03': 'another program keeps the database locked',
  '57P01': 'the server of the database is being stopped',
  '57P02': 'the server of the database has crashed',
  '57P03': 'the server of the database is starting',
  XX001: 'the database is damaged',
  XX002: 'the database is damaged',
}

const withoutPassword =
  'the database asks for a password, and Countersign has none: it is read from PGPASSWORD, or from the file that PGPASSFILE names, which nobody but its owner may read or write'

const sharing =
  'a pooler such as PgBouncer shares the connections to its server by the transaction or by the statement, and Countersign needs each for itself'
const toOwnConnections =
  'set pool_mode = session for this database in the pooler, or set COUNTERSIGN_DB to the address of the server itself'

/** The trouble of the database that caused the error, as a clause; null for every other error. */
export function troubleOf(error: unknown): string | null {
  if (error instanceof LogTrouble) return error.why
  if (error instanceof Unanswered)
    return 'the database stopped answering while something was being saved, and it could not be told if it was'
  if (error instanceof PasswordMissing) return withoutPassword
  if (error instanceof PoolerShares) return sharing
  if (error instanceof pg.DatabaseError) return troubles[error.code ?? ''] ?? null
  return isLost(error) ? unreachable : null
}

/** True if another process's lock caused the error, perhaps only for a moment: nothing was written. */
export function isLocked(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['55P03', '40P01', '40001'].includes(error.code ?? '')
}

const badCertificate = /^(ERR_TLS_CERT_\w+|CERT_\w+|(DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)$/

/** The reason that no encrypted connection was made, as a clause. Only for an error while the database is opened. */
function unsafeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if (badCertificate.test((error as NodeJS.ErrnoException).code ?? ''))
    return 'the certificate of its server is not accepted'
  return /does not support SSL connections/.test(error.message)
    ? 'its server does not take encrypted connections'
    : null
}

type NotFound = Partial<Record<'code' | 'syscall' | 'hostname', string>>

/** The machine in the address `url` that no name server knows, as a clause. Only for an error while the database is opened. */
function unknownHostOf(error: unknown, url: string): string | null {
  const { code, hostname } = error as NotFound
  if (code !== 'ENOTFOUND' || hostname === undefined || !url.includes(hostname)) return null
  return `there is no machine of the name "${visible(hostname)}"`
}

/** The reason the database at `url` could not be opened, as a clause; null for every other error. */
function whyNotOpened(error: unknown, url: string): string | null {
  const { syscall, hostname } = error as NotFound
  // The address to listen on is looked up as well.
  if (syscall === 'getaddrinfo' && !url.includes(hostname ?? url)) return null
  return unknownHostOf(error, url) ?? troubleOf(error) ?? unsafeOf(error)
}

/** The error as a Refusal that says what to do, if the database at `url` caused it; every other error as it is. */
export function inWords(error: unknown, url: string): unknown {
  const trouble = whyNotOpened(error, url)
  if (trouble === null || error instanceof Refusal) return error
  // Neither the address nor the server is the cause.
  if (error instanceof LogTrouble)
    return new Refusal('unavailable', `Nothing could be recorded in ${url}, since ${trouble}.`)
  return new Refusal(
    'unavailable',
    `Nothing could be read or recorded in ${url}, since ${trouble}${saidBy(error)}. ${whatToLookAt(error)}.`,
  )
}

function whatToLookAt(error: unknown): string {
  return error instanceof PoolerShares ? `To mend that, ${toOwnConnections}` : 'Look at that address, and at the server'
}

/** True if nothing but the database can have caused the error: not every lost connection was one to it. */
export function isSurelyOurs(error: unknown): boolean {
  return error instanceof pg.DatabaseError || error instanceof Unanswered || error instanceof LogTrouble
}

/**
 * Trouble of the database at `url` that passes by itself: it can't be reached, is being started or stopped, or takes no more
 * connections for now. Null for every other error, and for a name that no name server knows: it is mistyped, most likely.
 */
export function outageOf(error: unknown, url: string): Outage | null {
  const isFull = error instanceof pg.DatabaseError && error.code === '53300'
  if (unknownHostOf(error, url) !== null || (!isFull && !isLost(error))) return null
  return new Outage(`The database ${url} can't be used now: ${troubleOf(error)}${saidBy(error)}.`, { cause: error })
}

/** The reason the app could not start with the database at `url`, and what to do; null for every other error. */
export function startTroubleOf(error: unknown, url: string): string | null {
  const troubles = causesOf(error).map((one) => ({ one, trouble: whyNotOpened(one, url) }))
  const found = troubles.find(({ trouble }) => trouble !== null)
  if (found === undefined) return null
  return `Countersign has not started, since it can't use its database ${url}: ${found.trouble}${saidBy(found.one)}. To start it, ${toDo(found.one, url)}; "${asTyped('doctor')}" says more. Then start it again.`
}

/** A clause. */
function toDo(error: Error, url: string): string {
  if (error instanceof PoolerShares) return toOwnConnections
  if (unknownHostOf(error, url) !== null)
    return 'correct the name in COUNTERSIGN_DB, or let the name servers of this machine know it'
  return isNotAllowed(error) ? grantTo('ROLE') : 'set that right'
}

/** True if the role lacks a right, or is not the owner of what it would change. */
export function isNotAllowed(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === '42501'
}

/** An error with everything that caused it. */
function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : []
}

/** The words of the driver or the server in brackets, in one line. Neither quotes a password. */
function saidBy(error: unknown): string {
  // Its words have been told.
  if (error instanceof LogTrouble) return ''
  const [first] = error instanceof AggregateError ? error.errors : [error]
  return ` (${(first instanceof Error ? first.message : String(first)).split('\n')[0]!})`
}
