import { z } from 'zod'
import { settings } from './token.ts'

/** An ISO 8601 instant in UTC. */
const instant = z.string()

/** For the support of the stack's vendor; not there when the answer had none. */
const requestId = z.string().optional()

/** What the stack answered to an update, before anybody judges by it. */
export const answer = z.discriminatedUnion('kind', [
  /** `stored`: the token as the answer shows it, and `editedAt` when it says that this was, where it says so. */
  z.object({
    kind: z.literal('taken'),
    requestId,
    stored: settings.optional(),
    editedAt: z.string().optional(),
  }),
  /** The stack's own no. */
  z.object({ kind: z.literal('refused'), why: z.string(), requestId }),
  /** It was not even tried: the stack had too much to do, or the update never got its turn. */
  z.object({ kind: z.literal('busy'), why: z.string(), requestId }),
  /** An answer that proves nothing, such as a gateway's. */
  z.object({ kind: z.literal('unknown'), why: z.string(), requestId }),
  /** No answer came. */
  z.object({ kind: z.literal('none'), why: z.string() }),
])
export type Answer = z.infer<typeof answer>

/** An update that left, or may have, and was neither refused nor put off by the stack. */
const send = z
  .object({
    sentAt: instant,
    /** Until when it may still arrive, as far as the app reckons with it. */
    until: instant,
    answer: z.enum(['taken', 'unknown', 'none']),
    /** What it asked for, where the change asks for something else by now. */
    after: settings.optional(),
    /** When a look found on the token what it asked for. */
    seenAt: instant.optional(),
  })
  .readonly()
export type Send = z.infer<typeof send>

/** The newest last. Not there for a change of which nothing was ever sent. */
export const sends = z.array(send).readonly().optional()

type Sent = { readonly sends?: readonly Send[] | undefined }

/** More than these are not kept: an older one that could not be told has long been outrun by those after it. */
const kept = 5

/** The sends of a change after one more. Only where the stack did not say that it left the token alone is there one. */
export function sendsWith(earlier: readonly Send[] = [], next: Omit<Send, 'answer'> & { answer: Answer['kind'] }) {
  const { answer, ...rest } = next
  if (answer === 'refused' || answer === 'busy') return earlier
  return [...earlier, { ...rest, answer }].slice(-kept)
}

/**
 * What is known once a look has found on the token what the change asks for. One update has arrived by then: the newest, when
 * the stack answered that it took it. Else it may be any of them, and the one that may come latest is still reckoned with.
 */
export function sendsSeen(sends: readonly Send[] = [], seenAt: string): readonly Send[] {
  const taken = sends.findLastIndex(({ answer }) => answer === 'taken')
  const arrived = taken === -1 ? sends.findIndex((one) => isOpen(one)) : taken
  return sends.map((one, i) => (i === arrived ? { ...one, seenAt } : one))
}

/** With another content, the change no longer asks for what was sent: each send keeps that itself. */
export function sendsOf(sends: readonly Send[], after: Send['after']): readonly Send[] {
  return sends.map((one) => ({ after, ...one }))
}

/**
 * The update of this change that may arrive latest of those that may still, at `at`; null when none can. `isOver` tells it by
 * another measure than the wall clock, which may have been set.
 */
export function mayStillArrive(
  { sends = [] }: Sent,
  at: string,
  isOver: (send: Send) => boolean = ({ until }) => at >= until,
): Send | null {
  return sends.findLast((one) => isOpen(one) && !isOver(one)) ?? null
}

function isOpen({ answer, seenAt }: Send): boolean {
  return answer !== 'taken' && seenAt === undefined
}

/** An answer to it came. Without one, nobody knows that it ever left: the app may have stopped before, or found no connection. */
export function certainlyLeft({ answer }: Pick<Send, 'answer'>): boolean {
  return answer !== 'none'
}

/**
 * What is known of what a change wrote: `nothing` was sent; or the newest update that was, which the stack `took`, or of which
 * nobody knows (`perhaps`); `seen` once a look found on the token what it asked for. `left`: certainly, see above.
 */
export type Written = { readonly kind: 'nothing' } | Known
export type Known =
  | { readonly kind: 'perhaps'; readonly sentAt: string; readonly until: string; readonly left: boolean }
  | { readonly kind: 'taken'; readonly sentAt: string }
  | { readonly kind: 'seen'; readonly sentAt: string; readonly seenAt: string; readonly left: boolean }

export function writtenBy({ sends = [] }: Sent): Written {
  const told = sends.findLast(({ seenAt }) => seenAt !== undefined) ?? sends.at(-1)
  return told ? knownOf(told) : { kind: 'nothing' }
}

/** All that has to be told of what a change wrote, the newest last: of several updates of one kind, the newest. Empty for nothing. */
export function allWrittenBy({ sends = [] }: Sent): Known[] {
  const known = sends.map(knownOf)
  return known.filter(({ kind }, i) => known.findLastIndex((other) => other.kind === kind) === i)
}

function knownOf(send: Send): Known {
  const { sentAt, seenAt, until, answer } = send
  const left = certainlyLeft(send)
  if (seenAt !== undefined) return { kind: 'seen', sentAt, seenAt, left }
  return answer === 'taken' ? { kind: 'taken', sentAt } : { kind: 'perhaps', sentAt, until, left }
}

/** Until when a look may find that an update of this change arrived after all; null when there is none to wait for. */
export function watchedUntil({ sends = [] }: Sent): string | null {
  const open = sends.filter(({ seenAt }) => seenAt === undefined).map(({ until }) => until)
  return open.sort().at(-1) ?? null
}
