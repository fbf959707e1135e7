import { setTimeout as pass } from 'node:timers/promises'
import { refused } from '../refused.ts'
import { type On, statement } from './statements.ts'

/** For milliseconds: the server lists a connection for a moment after it was closed. */
const patience = { each: 50, inAll: 1000 }

/** Everybody may see these columns, also of connections of other roles. */
const others = statement<{ running: number }>(
  'connected',
  `select count(*) as running from pg_stat_activity
   where datname = current_database() and application_name = 'countersign' and pid <> pg_backend_pid()`,
)

/**
 * Throws a Refusal while the app, or a command of it, is connected to the database at `url`, from whichever machine. `on`:
 * the only connection of this process.
 */
export async function requireStopped(on: On, url: string): Promise<void> {
  for (let waited = 0; ; waited += patience.each) {
    if (!(await isUsed(on))) return
    if (waited >= patience.inAll)
      throw refused(
        url,
        'is in use by Countersign, on this machine or another. Stop it everywhere first, then run this again',
      )
    await pass(patience.each)
  }
}

/** True while the app, or a command of it, is connected to this database, besides this connection. */
export async function isUsed(on: On): Promise<boolean> {
  const [found] = await others(on)
  return found!.running > 0
}
