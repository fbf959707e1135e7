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

/** What is known of a token, and when the look was over that it is known from. */
type Known = Shown & { readonly seenAt: string }

/** No replica or cache is behind for longer: from then on what a stack shows is what it has. */
export const longestLagMs = minutesToMilliseconds(15)

/** The oldest that a look at `at`, an ISO instant, may show; `at` itself when it is none. */
export function oldestShown(at: string): string {
  const time = Date.parse(at)
  return Number.isNaN(time) ? at : new Date(time - longestLagMs).toISOString()
}

type Edit = { readonly before: Settings; readonly after: Settings }

/** What is known of a token's last quarter of an hour. */
type Past = {
  /** The changes of the token that ended of late, or are being applied. */
  readonly recent: readonly Change[]
  /** Edits of it that were noted since as made elsewhere: see `oldestShown`. */
  readonly edits: () => readonly Edit[]
  /** Where somebody has set the clock forward of late, as if nobody had. */
  readonly at: Date
  /** What is noted as seen later than this was noted by another clock, long ago: null while it may not have been long. */
  readonly latest?: Date | null
}

/**
 * Whether a look shows a token as it was before what is known of it, as a cache or a replica may. By when the stack says that it
 * was edited last; where it does not say, by whether exactly this has been replaced a moment ago by an update of the app, with
 * others and with edits made elsewhere before or after it. Edits by hand alone prove nothing, unless an update that nobody answered
 * may have come between them: somebody may have undone one. Nor does anything where an update of the app made what is seen of what
 * is known, as one that puts a token back does, unless another of them went on from that since.
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
  /** As the token may have been before. */
  readonly befores: readonly Settings[]
  /** With it an update of the app has come, or may have. */
  readonly isOurs: boolean
  /** Tells if it left a token like this. */
  readonly left: (settings: Settings) => boolean
}

/** A stack may have written in its own way what came of it, or have kept some of what was there. */
function updateOf(change: Change): Link {
  const left = (settings: Settings) => {
    const shown = withoutTargets(settings)
    const made = (after: Settings) => madeOf({ before: change.before, after }, settings, alikeFor(change))
    return [leftBy(change), change.after].map(made).some((one) => same(withKept(change, one, shown), shown))
  }
  return { befores: [change.before], isOurs: true, left }
}

/**
 * That one has come which was not answered is noted once a look has found it, but not while it is being applied or about to be:
 * then what is known to be as it left it has come of it.
 */
function perhapsOf(change: Change): Link {
  return { ...updateOf(change), isOurs: change.status === 'applying' || change.status === 'approved' }
}

/** A stack may take an update and keep the old value of what it asked for. Of an applied change it has not. */
function withKept(change: Change, made: Settings, shown: Settings): Settings {
  const { kept } = fateOf(change, shown, alikeFor(change))
  return change.status === 'applied' ? made : withFields(made, shown, new Set(kept))
}

/** What came late may have come over any edit that was made elsewhere meanwhile. */
function over(link: Link, edits: readonly Edit[]): Link {
  return { ...link, befores: [...link.befores, ...edits.map(({ after }) => after)] }
}

function wasLate({ sends = [] }: Change): boolean {
  return sends.some(({ answer }) => answer !== 'taken')
}

/** Between the looks that found it, an update that nobody answered may have come, and have been written over unseen. */
function editByHand({ before, after }: Edit, isOurs: boolean): Link {
  return { befores: [before], isOurs, left: (settings) => same(after, settings) }
}

/**
 * True if some of these, one after the other, each once and not without one of ours, made what is known of what was seen. When each
 * was noted tells nothing of their order: the clock may have been set back between two.
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

/** With many edits to and fro there are more ways than anybody can follow; then the look counts as news. */
const mostTries = 5_000

/** An update that was seen had come by then, though perhaps not long before. */
function tookSince(at: string): (change: Change) => boolean {
  return ({ sends = [] }) =>
    sends.some(({ answer, until, seenAt }) =>
      seenAt === undefined ? answer === 'taken' && at < until : at < until || oldestShown(at) < seenAt,
    )
}

/** True if all updates of a change had been seen by then, and one of these others was sent since, or at the same instant. */
function isBefore(others: readonly Change[], { sends = [] }: Change, at: string): boolean {
  const last =
    sends
      .map(({ sentAt }) => sentAt)
      .sort()
      .at(-1) ?? ''
  const wasSeen = sends.every(({ seenAt }) => seenAt !== undefined && seenAt <= at)
  return wasSeen && others.some((other) => (other.sends ?? []).some(({ sentAt }) => sentAt >= last))
}

/** What a look has shown of such an update was taken for its doing, and may have been somebody's edit: it is noted nowhere else. */
function mayHaveCome(change: Change, at: Date): boolean {
  return isUnderWay(change) || mayStillArrive(change, at.toISOString()) !== null
}

function isUnderWay(change: Change): change is Extract<Change, { status: 'applying' }> {
  return change.status === 'applying' && change.write === undefined
}
