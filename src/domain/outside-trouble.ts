import { Refusal } from './refusal.ts'

/**
 * How trouble with somebody else's service ends. `itself`: it is an outage, and the same may succeed later. `operator`:
 * whoever runs the app has to see to it. `nothing`: there is no trouble with the service; its answer is "no".
 */
export type EndedBy = 'itself' | 'operator' | 'nothing'

/** An error that says, in words for a person, what an outside service answered, or that it did not. */
export type OutsideTrouble = Error & { readonly endedBy: EndedBy }

/** Null for bugs, and for anything else from inside the app. */
export function endOf(error: unknown): EndedBy | null {
  if (!(error instanceof Error) || !('endedBy' in error)) return null
  return error.endedBy as EndedBy
}

/**
 * True if an error came from inside the program, because stored data can't be read, for example: its words are for
 * whoever looks into that, and tell people nothing. A plain Error is thrown on purpose, with a sentence.
 */
export function isOwn(error: unknown): boolean {
  const isPlain = error instanceof Error && error.constructor === Error
  return !isPlain && !(error instanceof Refusal) && endOf(error) === null
}

/** An error in words for people. */
export function inWords(error: unknown): string {
  if (isOwn(error)) return 'something went wrong in Countersign itself; its own log says more'
  return error instanceof Error ? error.message : String(error)
}

/** True for a service's own "no" that is not an outage: asked again, it says the same until somebody has seen to it. */
export function isDefiniteNo(error: unknown): error is OutsideTrouble {
  const end = endOf(error)
  return end === 'operator' || end === 'nothing'
}

/**
 * True if the service itself said that it did not do what was asked, or was never reached, so that nobody has to check.
 */
export function wasNotDone(error: unknown): boolean {
  return error instanceof Error && 'notDone' in error && error.notDone === true
}

/**
 * Words for people, for an error whose own words name machines and calls, for operators; null if its own words are for
 * everybody.
 */
export function plainWordsOf(error: unknown): string | null {
  return error instanceof Error && 'plainWords' in error ? String(error.plainWords) : null
}

/** True if the service wants to be left alone for a time that its words name. */
export function namesItsRest(error: unknown): boolean {
  return error instanceof Error && 'retryAfter' in error && typeof error.retryAfter === 'number'
}

/** An outside service can't be asked now. The message is a whole sentence. */
export class Outage extends Error {
  readonly endedBy = 'itself'
}

/** An answer took longer than somebody could wait, and may be there when they try again. The message is a clause. */
export class NotInTime extends Outage {}
