import type { Fact } from '../../domain/audit/fact.ts'
import type { ChangeEvent } from '../../domain/change/event.ts'
import type { Store } from '../../ports/store.ts'
import { thenWhenWritten } from './when-written.ts'

/** Facts that people may have on their screen; the others are for the log alone. */
const shown: readonly Fact['type'][] = ['outside_edit', 'outside_edit_seen', 'log_verified']

/** The same store, which reports after each write, and never before, that what it shows may be out of date. */
export function announcing(store: Store, news: () => void): Store {
  const thenNews = async <T>(write: Promise<T>): Promise<T> => {
    const written = await write
    news()
    return written
  }

  return {
    ...store,
    open: (...opening) => thenNews(store.open(...opening)),
    record: thenWhenWritten(store.record, news),
    note: async (fact, actor, changeId) => {
      await store.note(fact, actor, changeId)
      if (shown.includes(fact.type)) news()
    },
    cardStands: (id, card) => thenNews(store.cardStands(id, card)),
    rememberTokens: (stack, tokens, at) => thenNews(store.rememberTokens(stack, tokens, at)),
    rememberToken: (token, at) => thenNews(store.rememberToken(token, at)),
  }
}

/** More than it takes to answer whoever decided and to redraw the card. */
const aMomentMs = 50

type OnRecorded = (change: number, event: ChangeEvent['type']) => void

/**
 * The same store, which reports each event of a change once it is written, and after what people wait for: whoever decided
 * is answered, and the card redrawn, first.
 */
export function telling(store: Store, report: OnRecorded): Store {
  const owed: Parameters<OnRecorded>[] = []
  const reportAll = () => {
    for (const recorded of owed.splice(0)) report(...recorded)
  }
  const onRecorded: OnRecorded = (...recorded) => {
    if (owed.push(recorded) === 1) setTimeout(reportAll, aMomentMs)
  }
  return {
    ...store,
    open: async (event, ...rest) => {
      const change = await store.open(event, ...rest)
      // Slack sends some things twice: then it is the change that was opened before.
      if (change.proposedAt === event.at) onRecorded(change.id, event.type)
      return change
    },
    record: async (id, ...rest) => {
      const recorded = await store.record(id, ...rest)
      if (recorded.event !== null) onRecorded(id, recorded.event.type)
      return recorded
    },
    close: () => {
      reportAll()
      return store.close()
    },
  }
}
