import { legibleAnchors } from '../../anchors/read.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { operatorId } from '../../domain/operator.ts'
import { contradictedIn } from '../../storage/engine/contradicted.ts'
import { bringBackupUpToDate, recordPutBack } from '../../storage/engine/put-back.ts'
import { requireStopped, requireThere } from '../../storage/engine/stopped.ts'
import type { Here } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { auditCommand, type Settings } from './settings.ts'
import { readThreads } from './thread-anchors.ts'

export type PutBackOptions = {
  readonly anchors?: readonly string[]
  /** True to read the checkpoints in the threads of cards as well. */
  readonly slack?: boolean
}

/**
 * Records that the database is a restored backup: its open changes need new approvals, and `verify` knows what is gone.
 * Resolves to the exit code: 0, or 2 if nothing was recorded.
 */
export function putBack(options: PutBackOptions, terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async (settings, here) => {
    await requireThere(settings.database)
    await putBackIn(options, settings, here)
    return 0
  })
}

/** The same for a database that is there. */
export async function putBackIn(
  { anchors = [], slack: readsSlack = false }: PutBackOptions,
  { database, keys, slack }: Settings,
  here: Here,
): Promise<void> {
  const kept = (await Promise.all(anchors.map(legibleAnchors))).flat()
  await requireStopped(database)
  const by = { keys, actor: operatorId(here.user), now: here.now() }
  await bringBackupUpToDate(database, by)
  const inSlack = readsSlack ? await readThreads(database, slack, here) : []
  const contradicted = await contradictedIn(database, [...kept, ...inSlack], keys, by.now)
  // The app may have been started while Slack was read.
  await requireStopped(database)
  const { size, held } = await recordPutBack(database, { ...by, contradicted })
  const what = size === 0 ? 'was empty' : `ended with #${size}`
  here.tell(`The audit log now records that this backup was put back. Before that, it ${what}.`)
  if (contradicted.length > 0)
    here.tell(
      `What was anchored since is not in this log: "${asTyped('audit verify')}" says so each time, and does not treat it as an alarm.`,
    )
  here.tell(
    held.length === 0
      ? 'No open change had approvals.'
      : `These open changes had approvals, which no longer count, and wait for new ones: ${held.map((id) => `#${id}`).join(', ')}.`,
  )
  here.tell(
    'The backup knows nothing of what happened after it was made: changes that are open in it may have been applied or closed since. Look at each before anybody approves it, then start the app again.',
  )
}
