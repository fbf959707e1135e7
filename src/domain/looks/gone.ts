import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import type { Change } from '../change/change.ts'
import { Refusal } from '../refusal.ts'
import { longestLagMs } from './stale-look.ts'

/** A stack says that it has no such token, and has not shown it to any process for this long (milliseconds). */
export class TokenMissing extends Refusal {
  readonly forMs: number
  constructor(message: string, forMs: number) {
    super('not_found', message)
    this.forMs = forMs
  }
}

/** A stack says that it has no such token, but still lists it: it is there. */
export class StillListed extends Refusal {
  constructor(message: string) {
    super('unavailable', message)
  }
}

/**
 * Since when a stack has said only that it has no such token, and when it last said so: milliseconds that pass.
 * `seenAt`: when any process last saw it, as recorded for all of them.
 */
export type Missing = { readonly since: number; readonly last: number; readonly seenAt: string | null }

/** Longer than any wait for a retry: a stack that was not heard for this long may have shown the token meanwhile. */
const longestSilenceMs = minutesToMilliseconds(6)

/** The same after the stack has said so again, at `at`, in a look that began at `began`. */
export function missingStill(
  before: Missing | undefined,
  { began, at, seenAt }: { began: number; at: number; seenAt: string | null },
): Missing {
  const goesOn = before !== undefined && before.seenAt === seenAt && began - before.last <= longestSilenceMs
  return { since: goesOn ? before.since : at, last: at, seenAt }
}

/**
 * True once a stack's word that a token is missing can be neither a passing fault nor from before the token was made.
 */
export function isGone(error: unknown): boolean {
  return error instanceof TokenMissing && error.forMs >= longestLagMs
}

/** The reason nothing is written to a token that may be gone, as a clause. */
export const missing = `the stack says that the token does not exist. That may be temporary, so Countersign looks again; if the stack says the same for ${longestLagMs / minutesToMilliseconds(1)} minutes, the change fails`

/** The same once it is gone, before anything was sent. */
export const goneUnwritten = 'the token is gone from the stack'

/**
 * The reason an apply can't be judged any more once the token is gone, as a clause: the open question depends on the
 * stack's answer.
 */
export function whyGone(change: Change): string {
  const answer = change.status === 'applying' ? change.write?.answer.kind : undefined
  if (answer === 'refused' || answer === 'busy') return goneUnwritten
  return answer === 'taken'
    ? `${goneUnwritten}, so nobody can tell any more what the update did`
    : `${goneUnwritten}, so nobody can tell any more whether an update reached it`
}
