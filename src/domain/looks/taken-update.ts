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
 * The token as the answer to the update shows it. Null where it shows nothing of what was asked for and tells no later time: it
 * may show the token as it was before, as a look may.
 */
export function shownByAnswer(change: Applying): Settings | null {
  const { stored } = change.write!.answer as Taken
  if (stored === undefined) return null
  const isShown = tellsWhen(change) !== null || [...askedBy(change)].some(movedIn(change, stored))
  return isShown ? asChangeKnows(change, stored) : null
}

/** When the stack stored the update, as its answer says; null where it says none that is later than what was there before. */
export function tellsWhen(change: Applying): number | null {
  const { over, answer } = change.write!
  const [before, written] = [over, (answer as Taken).editedAt].map((time) => Date.parse(time ?? ''))
  if (Number.isNaN(written)) return null
  return Number.isNaN(before) || written! > before! ? written! : null
}

/**
 * What the stack made of the update: as it answered, or as a look shows it when nobody has edited the token since. Without
 * either, what a look shows of it is taken for it as far as it is what was asked for, or was stored while it was sent; then
 * nobody tells that the rest of it was not edited since (`isTold`).
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
 * True if a look shows the token as it was after the update: by when the stack says that it stored it, else since it shows some
 * of what was asked for, or of what the stack answered. That it was edited since the look before proves nothing: somebody may
 * have done that, before the update came or after the stack had kept all as it was.
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
