import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import type { Change } from '../change/change.ts'
import { mayStillArrive } from '../change/write.ts'
import { same } from '../token/diff.ts'
import { withFields } from '../token/rebase.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import { asFarAsKnown } from './governed.ts'
import { fateOf, madeOf } from './in-force.ts'
import { leftBy } from './left-by.ts'
import { alikeFor } from './own-writing.ts'
import { maybeSame } from './told-times.ts'

type Shown = { readonly settings: Settings; readonly editedAt: string | null }

/** The known state of a token, and when the look that showed it was over. */
type Known = Shown & { readonly seenAt: string }

/** No replica or cache lags behind for longer: after this, a stack shows what it has. */
export const longestLagMs = minutesToMilliseconds(15)

/** The oldest state that a look at `at`, an ISO instant, may show; `at` itself if it is not one. */
export function oldestShown(at: string): string {
  const time = Date.parse(at)
  return Number.isNaN(time) ? at : new Date(time - longestLagMs).toISOString()
}

type Edit = { readonly before: Settings; readonly after: Settings }

/** The last quarter of an hour of a token, as far as known. */
type Past = {
  /** The token's changes that ended recently, or are being applied. */
  readonly recent: readonly Change[]
  /** Edits of it recorded since as made elsewhere: see `oldestShown`. */
  readonly edits: () => readonly Edit[]
  /** If somebody has recently set the clock forward, the time as if nobody had. */
  readonly at: Date
  /** A sighting noted as later than this was noted by another clock, long ago: null while it may not be that long. */
  readonly latest?: Date | null
}

/**
 * True if a look shows a token as it was before the known state, as a cache or a replica may. Goes by when the stack
 * says that it was last edited; if the stack does not say, by whether an update of the app has just replaced exactly
 * this, together with others and with edits made elsewhere before or after it. Edits by hand alone prove nothing,
 * unless an unanswered update may have come between them: somebody may have undone one. Nor does anything if an update
 * of the app leads from the known state to the one shown, like one that restores a token, unless another of them has
 * continued from that since.
 */
export function isStale(shown: Shown, known: Known, { recent, edits, at, latest = null }: Past): boolean {
  const seen = { ...shown, settings: asFarAsKnown(known.settings, shown.settings) }
  const isLongAgo = at.getTime() - Date.parse(known.seenAt) > longestLagMs
  if (latest !== null && (isLongAgo || latest.getTime() < Date.parse(known.seenAt))) return false
  const [then, now] = [Date.parse(known.editedAt ?? ''), Date.parse(seen.editedAt ?? '')]
  const isTold = !Number.isNaN(then) && !Number.isNaN(now) && then !== now
  if (isTold && !(maybeSame(now, then) && same(known.settings, seen.settings))) return now < then
  if (isLongAgo || same(known.settings, seen.settings)) return false
  const ours = recent.filter(tookSince(at.toISOString()))
  const goneOnFrom = ours.filter(({ before }) => same(before, seen.settings))
  const news = ours.filter((change) => !isBefore(goneOnFrom, change, known.seenAt)).map(updateOf)
  if (news.some(({ befores: [before], left }) => same(before!, known.settings) && left(seen.settings))) return false
  const perhaps = recent.filter((change) => !ours.includes(change) && mayHaveCome(change, at)).map(perhapsOf)
  if (ours.length + perhaps.length === 0) return false
  const edited = edits()
  const late = [...ours.filter(wasLate).map(updateOf), ...perhaps].map((link) => over(link, edited))
  const inTime = ours.filter((change) => !wasLate(change)).map(updateOf)
  const byHand = edited.map((edit) => editByHand(edit, perhaps.length > 0))
  return ledFrom(seen.settings, known.settings, [...inTime, ...late, ...byHand])
}

type Link = {
  /** The states in which the token may have been before. */
  readonly befores: readonly Settings[]
  /** True if an update of the app came with it, or may have. */
  readonly isOurs: boolean
  /** Tells if it left a token like this. */
  readonly left: (settings: Settings) => boolean
}

/** A stack may have changed the form of the result, or kept some old values. */
function updateOf(change: Change): Link {
  const left = (settings: Settings) => {
    const shown = withoutTargets(settings)
    const made = (after: Settings) => madeOf({ before: change.before, after }, settings, alikeFor(change))
    return [leftBy(change), change.after].map(made).some((one) => same(withKept(change, one, shown), shown))
  }
  return { befores: [change.before], isOurs: true, left }
}

/**
 * That an unanswered update has come is noted once a look has found it, but not while it is being applied or about to
 * be: in that case, a token known to be as the update left it has come from it.
 */
function perhapsOf(change: Change): Link {
  return { ...updateOf(change), isOurs: change.status === 'applying' || change.status === 'approved' }
}

/** A stack may take an update and keep the old value of something it asked for. With an applied change it has not. */
function withKept(change: Change, made: Settings, shown: Settings): Settings {
  const { kept } = fateOf(change, shown, alikeFor(change))
  return change.status === 'applied' ? made : withFields(made, shown, new Set(kept))
}

/** A late update may have overwritten any edit made elsewhere meanwhile. */
function over(link: Link, edits: readonly Edit[]): Link {
  return { ...link, befores: [...link.befores, ...edits.map(({ after }) => after)] }
}

function wasLate({ sends = [] }: Change): boolean {
  return sends.some(({ answer }) => answer !== 'taken')
}

/** Between the looks that found it, an unanswered update may have come and been overwritten unseen. */
function editByHand({ before, after }: Edit, isOurs: boolean): Link {
  return { befores: [before], isOurs, left: (settings) => same(after, settings) }
}

/**
 * True if some of these, one after another, each at most once and at least one of them ours, lead from the shown state
 * to the known one. When each was noted says nothing about their order: the clock may have been set back between two.
 */
function ledFrom(seen: Settings, known: Settings, links: readonly Link[]): boolean {
  let tries = mostTries
  const follow = (settings: Settings, withOurs: boolean, unused: readonly Link[]): boolean =>
    (withOurs && same(settings, seen)) ||
    unused.some(
      ({ befores, isOurs, left }, i) =>
        tries-- > 0 &&
        left(settings) &&
        befores.some((before) => follow(before, withOurs || isOurs, unused.toSpliced(i, 1))),
    )
  return follow(known, false, links)
}

/** With many edits back and forth there are more ways than anybody can follow; then the look counts as news. */
const mostTries = 5_000

/** An update that was seen had come by then, though perhaps not long before. */
function tookSince(at: string): (change: Change) => boolean {
  return ({ sends = [] }) =>
    sends.some(({ answer, until, seenAt }) =>
      seenAt === undefined ? answer === 'taken' && at < until : at < until || oldestShown(at) < seenAt,
    )
}

/**
 * True if all updates of a change had been seen by then, and one of these others was sent since, or at the same
 * instant.
 */
function isBefore(others: readonly Change[], { sends = [] }: Change, at: string): boolean {
  const last =
    sends
      .map(({ sentAt }) => sentAt)
      .sort()
      .at(-1) ?? ''
  const wasSeen = sends.every(({ seenAt }) => seenAt !== undefined && seenAt <= at)
  return wasSeen && others.some((other) => (other.sends ?? []).some(({ sentAt }) => sentAt >= last))
}

/**
 * If a look showed such an update's settings, that was taken for its doing, and may have been somebody's edit: it is
 * recorded nowhere else.
 */
function mayHaveCome(change: Change, at: Date): boolean {
  return isUnderWay(change) || mayStillArrive(change, at.toISOString()) !== null
}

function isUnderWay(change: Change): change is Extract<Change, { status: 'applying' }> {
  return change.status === 'applying' && change.write === undefined
}
