import { z } from 'zod'
import { same } from '../token/diff.ts'
import { type Settings, settings } from '../token/token.ts'

/** An ISO 8601 instant in UTC. */
const instant = z.string()

/** For the support of the stack's vendor; missing if the answer had none. */
const requestId = z.string().optional()

/** The stack's answer to an update, before anybody judges by it. */
export const answer = z.discriminatedUnion('kind', [
  /** `stored`: the token as the answer shows it; `editedAt`: the time of that edit, if the answer says so. */
  z.object({
    kind: z.literal('taken'),
    requestId,
    stored: settings.optional(),
    editedAt: z.string().optional(),
  }),
  /** The stack's own no. */
  z.object({ kind: z.literal('refused'), why: z.string(), requestId }),
  /** It was not even tried: the stack was too busy, the update never got its turn, or no connection came about. */
  z.object({ kind: z.literal('busy'), why: z.string(), requestId }),
  /** An answer that proves nothing, like a gateway's. */
  z.object({ kind: z.literal('unknown'), why: z.string(), requestId }),
  /** No answer came. */
  z.object({ kind: z.literal('none'), why: z.string() }),
])
export type Answer = z.infer<typeof answer>

/** An update that was sent, or may have been, and that the stack neither refused nor put off. */
const send = z
  .object({
    sentAt: instant,
    /** Until when the app expects that it may still arrive. */
    until: instant,
    answer: z.enum(['taken', 'unknown', 'none']),
    /** Its request, if the change now asks for something else. */
    after: settings.optional(),
    /** When a look found on the token what it asked for. */
    seenAt: instant.optional(),
    /** Another had brought the same: somebody may have brought it back, so that this one may still arrive. */
    again: z.literal(true).optional(),
    /** Until when it is looked for, if it was taken and no look has shown it in time. */
    watchUntil: instant.optional(),
  })
  .readonly()
export type Send = z.infer<typeof send>

/** Newest last. Missing if nothing was ever sent for the change. */
export const sends = z.array(send).readonly().optional()

type Sent = { readonly after: Settings; readonly sends?: readonly Send[] | undefined }

/** The most that are kept: an older one with an unknown outcome has long been overtaken by those after it. */
const kept = 5

/** The sends of a change after one more. There is none if the stack said that it left the token alone. */
export function sendsWith(earlier: readonly Send[] = [], next: Omit<Send, 'answer'> & { answer: Answer['kind'] }) {
  const { answer, ...rest } = next
  if (answer === 'refused' || answer === 'busy') return earlier
  return [...earlier, { ...rest, answer }].slice(-kept)
}

/** The same for an `applied` from before it said which update was found: one of them, whatever each asked for. */
export function sendsSeen(sends: readonly Send[] = [], seenAt: string): readonly Send[] {
  const taken = sends.findLastIndex(({ answer }) => answer === 'taken')
  const arrived = taken === -1 ? sends.findIndex((one) => isOpen(one)) : taken
  return sends.map((one, i) => (i === arrived ? { ...one, seenAt } : one))
}

/** With other content, the change no longer asks for what was sent: each send keeps that itself. */
export function sendsOf(sends: readonly Send[], after: Settings): readonly Send[] {
  return sends.map((one) => ({ after, ...one }))
}

/** The same sends, once a look has found on the token what the one at `sentAt` asked for; null: what none asked for. */
export function sendsWithSeen(sends: readonly Send[] | undefined, sentAt: string | null, seenAt: string) {
  return sends?.map((one) => (one.sentAt === sentAt ? { ...one, seenAt } : one))
}

/** The same sends, if no look has shown in time what the stack said it took. */
export function sendsWithUnseen(sends: readonly Send[] | undefined, watchUntil: string) {
  return sends?.map((one) => (one.answer === 'taken' && one.seenAt === undefined ? { ...one, watchUntil } : one))
}

/** Tells if a send asked for what its change asks for now. */
export function isOfNow({ after: now }: Pick<Sent, 'after'>): (send: Send) => boolean {
  return ({ after = now }) => same(after, now)
}

/**
 * The update that a look has found, which shows on the token what its change asks for now: the newest that the stack
 * took, otherwise any with an unknown outcome, of which the one that may come latest still counts as on its way. Null
 * if none asked for that.
 */
export function broughtBy({ after, sends = [] }: Sent): Send | null {
  const ofNow = sends.filter(isOfNow({ after }))
  return ofNow.findLast(({ answer }) => answer === 'taken') ?? unansweredOf({ after, sends }) ?? ofNow.at(-1) ?? null
}

/** The first update with an unknown outcome that asked for what its change asks for now; null if there is none. */
export function unansweredOf({ after, sends = [] }: Sent): Send | null {
  return sends.filter(isOfNow({ after })).find(isOpen) ?? null
}

/**
 * The update of this change that may arrive latest of those that still may, at `at`; null if none can. `isOver` tells
 * it by another measure than the wall clock, which may have been set.
 */
export function mayStillArrive(
  { sends = [] }: Pick<Sent, 'sends'>,
  at: string,
  isOver: (send: Send) => boolean = ({ until }) => at >= until,
): Send | null {
  return sends.findLast((one) => (isOpen(one) || one.again === true) && !isOver(one)) ?? null
}

function isOpen({ answer, seenAt }: Send): boolean {
  return answer !== 'taken' && seenAt === undefined
}

/**
 * How often the change's current request was sent, as far as is kept; `left`: true if it was certainly sent each time.
 */
export function timesSent({ after, sends = [] }: Sent): { readonly times: number; readonly left: boolean } {
  const ofNow = sends.filter(isOfNow({ after }))
  return { times: ofNow.length, left: ofNow.every(certainlyLeft) }
}

/**
 * True if there was an answer to it. Without one, nobody knows that it was ever sent: the app may have stopped before,
 * or found no connection.
 */
export function certainlyLeft({ answer }: Pick<Send, 'answer'>): boolean {
  return answer !== 'none'
}

/**
 * The known outcome of an update that a change sent: the stack took it (`taken`), or nobody knows (`perhaps`); `seen`
 * once a look found on the token what it asked for. `left`: it was certainly sent, see above. `unseen`: no look has
 * shown it in time. `earlier`: it was for an earlier revision's request.
 */
export type Known = { readonly sentAt: string; readonly earlier: boolean } & (
  | { readonly kind: 'perhaps'; readonly until: string; readonly left: boolean }
  | { readonly kind: 'taken'; readonly unseen: boolean }
  | { readonly kind: 'seen'; readonly seenAt: string; readonly left: boolean }
)

/** Everything to report about what a change wrote, newest last; of each kind, the newest. Empty for nothing. */
export function allWrittenBy({ after, sends = [] }: Sent): Known[] {
  const known = sends.map(knownOf({ after }))
  const isLike = (one: Known) => (other: Known) => other.kind === one.kind && other.earlier === one.earlier
  return known.filter((one, i) => known.findLastIndex(isLike(one)) === i)
}

/** For a change that has ended, the updates that were found on the token only after that. */
export function arrivedAfter({ after, sends = [], endedAt }: Sent & { readonly endedAt: string }): Known[] {
  return sends.filter(({ seenAt = '' }) => seenAt > endedAt).map(knownOf({ after }))
}

/**
 * The update that could still arrive when a change ended, and that another change of the token waits for: one, or none.
 */
export function mayArriveAfter(change: Sent & { readonly endedAt: string }): Known[] {
  const send = mayStillArrive(change, change.endedAt)
  if (send === null) return []
  const { sentAt, until } = send
  return [{ kind: 'perhaps', sentAt, until, left: certainlyLeft(send), earlier: !isOfNow(change)(send) }]
}

function knownOf(now: Pick<Sent, 'after'>): (send: Send) => Known {
  return (send) => {
    const { sentAt, seenAt, until, answer, watchUntil } = send
    const [left, earlier] = [certainlyLeft(send), !isOfNow(now)(send)]
    if (seenAt !== undefined) return { kind: 'seen', sentAt, seenAt, left, earlier }
    if (answer === 'taken') return { kind: 'taken', sentAt, unseen: watchUntil !== undefined, earlier }
    return { kind: 'perhaps', sentAt, until, left, earlier }
  }
}

/** Until when a look may find that an update of this change arrived after all; null if there is none to wait for. */
export function watchedUntil({ sends = [] }: Pick<Sent, 'sends'>): string | null {
  const unseen = sends.filter(({ seenAt }) => seenAt === undefined).map(endOf)
  return unseen.sort().at(-1) ?? null
}

/** Until when this one may be found. */
export function endOf({ until, watchUntil = until }: Send): string {
  return watchUntil
}
