import type { Change } from '../change/change.ts'
import type { Answer } from '../change/write.ts'
import { same } from '../token/diff.ts'
import { withFields } from '../token/rebase.ts'
import type { Settings } from '../token/token.ts'
import type { Look } from './drift.ts'
import { asChangeKnows } from './governed.ts'
import { askedBy, fateOf, isInForce, movedIn, rewritten, showsSomeOf } from './in-force.ts'
import { alikeFor } from './own-writing.ts'
import { storedMeanwhile } from './stored-meanwhile.ts'
import { maybeSame } from './told-times.ts'

type Applying = Extract<Change, { status: 'applying' }>
type Taken = Extract<Answer, { kind: 'taken' }>

/**
 * The token as the answer to the update shows it. Null if that shows nothing of what was asked for and no later time:
 * like a look, it may show the earlier state.
 */
export function shownByAnswer(change: Applying): Settings | null {
  const { stored } = change.write!.answer as Taken
  if (stored === undefined) return null
  const isShown = tellsWhen(change) !== null || [...askedBy(change)].some(movedIn(change, stored))
  return isShown ? asChangeKnows(change, stored) : null
}

/** When the stack stored the update, by its answer; null if it gives no time later than the one before. */
export function tellsWhen(change: Applying): number | null {
  const { over, answer } = change.write!
  const [before, written] = [over, (answer as Taken).editedAt].map((time) => Date.parse(time ?? ''))
  if (Number.isNaN(written)) return null
  return Number.isNaN(before) || written! > before! ? written! : null
}

/**
 * The stack's version of the update: by its answer, or by a look if nobody has edited the token since. Without either,
 * the look's values count as the stack's if they are what was asked for, or were stored while it was sent; then nothing
 * shows that the rest was not edited since (`isTold`).
 */
export function storedBy(change: Applying, look: Look): { stored: Settings; isTold: boolean } {
  const { settings, editedAt } = look
  if (editedAt !== null && Date.parse(editedAt) === tellsWhen(change)) return { stored: settings, isTold: true }
  const stored = shownByAnswer(change)
  if (stored !== null) return { stored, isTold: true }
  const alike = alikeFor(change)
  const { kept, taken } = fateOf(change, settings, alike)
  const ours = [...kept, ...taken, ...rewritten(change.after, settings, alike), ...storedMeanwhile(change, look)]
  return { stored: withFields(change.after, settings, new Set(ours)), isTold: false }
}

/**
 * True if a look shows the token as it was after the update: by the time at which the stack says that it stored it,
 * otherwise because it shows some of what was asked for, or of the stack's answer. An edit since the look before proves
 * nothing: somebody may have made it before the update came, or after the stack had kept every old value.
 */
export function isFromAfter(change: Applying, { settings, editedAt }: Look): boolean {
  const writtenAt = tellsWhen(change)
  const shownAt = Date.parse(editedAt ?? '')
  if (writtenAt !== null && !Number.isNaN(shownAt) && !maybeSame(shownAt, writtenAt)) return shownAt >= writtenAt
  const alike = alikeFor(change)
  if (showsSomeOf(change, settings, alike)) return true
  const stored = shownByAnswer(change)
  if (stored !== null) return same(settings, stored) || showsSomeOf({ ...change, after: stored }, settings)
  return isInForce(change, settings, alike)
}
