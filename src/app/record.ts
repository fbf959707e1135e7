import type { Config } from '../config/settings.ts'
import { auditKey, earlierKeys } from '../domain/audit/chain.ts'
import { openStoreAt } from '../storage/engine/store.ts'
import { orOutage, troublesOf } from '../storage/engine/trouble.ts'
import { keptForGood, type UnreadableRow } from '../storage/unreadable-rows.ts'
import { guarded } from '../workflow/log/guarded-store.ts'
import type { Health } from '../workflow/log/health.ts'
import { announcing, telling } from '../workflow/log/news.ts'
import { ofKnownStacks, stacksAtStart } from '../workflow/looks/known-stacks.ts'
import { anchorsIn, goneFrom, requireBorneOut } from './anchored.ts'
import type { Clocks } from './clocks.ts'
import type { LogLines } from './log-lines.ts'

type Deps = {
  readonly config: Config
  readonly clocks: Clocks
  readonly says: LogLines
  readonly health: Health
  /** Called whenever somebody's App Home may show something else. */
  readonly news: () => void
}

export type OpenRecord = Awaited<ReturnType<typeof openRecord>>

/**
 * Opens the database once the places outside bear it out. `whole` also has stacks that are no longer configured,
 * `store` does not. `others`: what the log has to be told about stacks together with this start.
 */
export async function openRecord({ config, clocks, says, health, news }: Deps) {
  const onUnreadable = (found: UnreadableRow) => {
    says.unreadableRow(found)
    const what = keptForGood(found)
    if (what === null) return
    health.canNotRead(what)
    news()
  }
  const opened = await openBorneOut({ config, clocks, says, onUnreadable })
  const whole = telling(
    announcing(guarded(opened, { health, ...(await troublesOf(config.database)) }), news),
    says.recorded,
  )
  try {
    const { stacks: known, news: others } = await orOutage(stacksAtStart(whole, config.stacks), config.database)
    return { health, whole, known, others, store: ofKnownStacks(whole, known) }
  } catch (error) {
    await opened.close()
    throw error
  }
}

type Opening = Omit<Deps, 'news' | 'health'> & { readonly onUnreadable: (found: UnreadableRow) => void }

async function openBorneOut({
  config,
  clocks: { now, monotonic, ofDatabase: holdClock },
  says,
  onUnreadable,
}: Opening) {
  const keys = { current: auditKey(config.auditKey), earlier: earlierKeys(config.earlierAuditKeys) }
  const { file } = config.anchors
  const anchored = await anchorsIn(file, says.anchorsUnread)
  const { current: key, earlier } = keys
  const opened = await openStoreAt(config.database, { now, key, earlier, monotonic, onUnreadable, holdClock })
  const check = async () => {
    const gone = goneFrom(file, (await opened.lastFact('log_anchored'))?.places ?? {})
    if (gone !== null) says.anchorsUnread(new Error(gone))
    await requireBorneOut(config, anchored, keys, now())
  }
  try {
    await orOutage(check(), config.database)
  } catch (error) {
    await opened.close()
    throw error
  }
  return opened
}
