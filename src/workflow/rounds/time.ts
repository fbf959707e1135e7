import { asideBecause, type Change } from '../../domain/change/change.ts'
import type { ChangeEvent } from '../../domain/change/event.ts'
import { expire, remind } from '../../domain/change/reminders.ts'
import { lifeOf, nudgeOf } from '../../domain/change/term.ts'
import type { Policy } from '../../domain/policy/policy.ts'
import type { CardStore } from '../../ports/cards.ts'
import type { ChangeReads, ChangeWrites, StoredChange } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'
import { createAskers } from '../changes/askers.ts'
import type { Electorates } from '../changes/electorates.ts'
import { createExpiries } from './expiries.ts'
import type { Terms } from './time-left.ts'

type Deps = {
  readonly store: ChangeReads & ChangeWrites & Pick<CardStore, 'cardFellBehind'>
  readonly chat: Pick<Chat, 'remind'>
  readonly electorates: Pick<Electorates, 'toRemind' | 'forChange'>
  readonly policyFor: (stack: string) => Policy
  readonly terms: Terms
  readonly now: () => Date
  readonly isMisplaced: (stored: StoredChange) => boolean
}

/** All that becomes of a change by time alone: its end, reminders, and that its token has expired. */
export function createTime({ store, chat, electorates, policyFor, terms, now, isMisplaced }: Deps) {
  const { hold } = createAskers({ store, electorates, now })
  const expiries = createExpiries({ store, now })
  return { wait, isDue }

  /** Ends a change that has waited too long, reminds those it waits for, or has its card say what time alone has changed. */
  async function wait(id: number): Promise<void> {
    const at = now().toISOString()
    const { change } = await store.get(id)
    await expiries.tell(change)
    const due = timeBrings(change, at)
    if (due === 'an end') await store.record(id, 'app', (stored) => expire(stored, at, terms.msLeft))
    else if (due === 'a reminder') await sendReminder(id, at)
  }

  /** The effect of time alone: an end for what nobody decided on, or a reminder. Silence never approves. */
  function timeBrings(change: Change, at: string): 'an end' | 'a reminder' | null {
    if (expire(change, at, terms.msLeft)) return 'an end'
    return mayBeReminded(change) && reminded(change, at) ? 'a reminder' : null
  }

  /**
   * Its wait is counted from when this process first meets it: for the time before, there is only the clock. A change
   * for which this can't be told does not hold up the others: its own turn shows the reason.
   */
  function isDue(change: Change, at: string): boolean {
    try {
      terms.msLeft(lifeOf(change))
      if (mayBeReminded(change)) terms.msLeft(nudgeOf(change, policyFor(change.stack).nudgeEvery))
      return expiries.isDue(change) || timeBrings(change, at) !== null
    } catch {
      return true
    }
  }

  function mayBeReminded(change: Change): boolean {
    return change.status === 'pending' && asideBecause(change) === null
  }

  function reminded(change: Change, at: string): ChangeEvent | null {
    return remind(change, policyFor(change.stack).remindsAfter, at, terms.msLeft)
  }

  /** Only by the process that noted it, so that two of them don't both remind. Whom to call is looked up before. */
  async function sendReminder(id: number, at: string): Promise<void> {
    const { change } = await store.get(id)
    const called = await electorates.toRemind(await hold(change, await electorates.forChange(change)))
    const { event } = await store.record(id, 'app', (stored) => reminded(stored, at))
    if (event === null) return
    const stored = await store.get(id)
    // The next reminder is counted from here on.
    isDue(stored.change, at)
    // Nobody looks at a misplaced card any more: posting it again tells those who are asked.
    if (!isMisplaced(stored)) await chat.remind(stored, called)
  }
}
