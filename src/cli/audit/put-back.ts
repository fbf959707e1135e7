import { legibleAnchors } from '../../anchors/read.ts'
import { requireStopped, requireThere } from '../../storage/beside-the-app.ts'
import { contradictedIn } from '../../storage/contradicted.ts'
import { bringBackupUpToDate, recordPutBack } from '../../storage/put-back.ts'
import { operator } from './record.ts'
import { type Around, auditSettings, orComplain } from './settings.ts'
import { readThreads } from './thread-anchors.ts'

type Options = {
  readonly anchors?: readonly string[]
  /** Whether to read the checkpoints in the threads of cards, too. */
  readonly slack?: boolean
}

/**
 * Records that the database is a backup that was put back: what is open in it waits for approvals anew, and `verify` knows what
 * is gone. Resolves to the exit code: 0, or 2 when nothing was recorded.
 */
export function putBack({ anchors = [], slack: readsSlack = false }: Options, around: Around): Promise<number> {
  return orComplain(around, async () => {
    const { database, keys, slack } = auditSettings(around)
    const kept = (await Promise.all(anchors.map(legibleAnchors))).flat()
    requireThere(database)
    requireStopped(database)
    const by = { keys, actor: operator(), now: new Date() }
    bringBackupUpToDate(database, by)
    const inSlack = readsSlack ? await readThreads(database, slack, around) : []
    const contradicted = contradictedIn(database, [...kept, ...inSlack], keys, by.now)
    // The app may have been started while Slack was read.
    requireStopped(database)
    const { size, held } = recordPutBack(database, { ...by, contradicted })
    const what = size === 0 ? 'was empty' : `ended with #${size}`
    around.tell(`The audit log says from now on that this backup was put back. Before that, it ${what}.`)
    if (contradicted.length > 0)
      around.tell(
        'What was anchored since is not in this log: "audit verify" says so each time, and takes it for no alarm.',
      )
    around.tell(
      held.length === 0
        ? 'No open change had approvals.'
        : `These open changes had approvals, which no longer count, and wait for new ones: ${held.map((id) => `#${id}`).join(', ')}.`,
    )
    around.tell(
      'What came after the backup is not known to it: changes that are open in it may have been applied or closed since. Look at each before anybody approves it, then start the app again.',
    )
    return 0
  })
}
