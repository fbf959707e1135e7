import { Refusal } from './refusal.ts'

/**
 * How trouble with somebody else's service ends. `itself`: it is an outage, and the same may succeed later. `operator`: whoever
 * runs the app has to see to it. `nothing`: it is no trouble of the service, but its "no" to what was asked.
 */
export type EndedBy = 'itself' | 'operator' | 'nothing'

/** An error that says, in words for a person, what a service outside answered or that it did not. */
export type OutsideTrouble = Error & { readonly endedBy: EndedBy }

/** Null for bugs, and for whatever else came about within the app. */
export function endOf(error: unknown): EndedBy | null {
  if (!(error instanceof Error) || !('endedBy' in error)) return null
  return error.endedBy as EndedBy
}

/**
 * True of an error that came about within the program itself, as when what it keeps can't be read: its words are for whoever
 * looks into that, and say nothing to people. A plain Error is thrown on purpose, with a sentence.
 */
export function isOwn(error: unknown): boolean {
  const isPlain = error instanceof Error && error.constructor === Error
  return !isPlain && !(error instanceof Refusal) && endOf(error) === null
}

/** What an error comes to for people. */
export function inWords(error: unknown): string {
  if (isOwn(error)) return 'something went wrong within Countersign, of which its own log says more'
  return error instanceof Error ? error.message : String(error)
}

/** True of a service's own "no" that is no outage: asked again, it says the same until somebody has seen to it. */
export function isDefiniteNo(error: unknown): error is OutsideTrouble {
  const end = endOf(error)
  return end === 'operator' || end === 'nothing'
}

/** True when the service said itself that it did not do what was asked, or was never reached, so that nobody has to look whether it did. */
export function wasNotDone(error: unknown): boolean {
  return error instanceof Error && 'notDone' in error && error.notDone === true
}

/** What people are told of an error whose own words name machines and calls, for whoever runs the app; null where those are for all. */
export function plainWordsOf(error: unknown): string | null {
  return error instanceof Error && 'plainWords' in error ? String(error.plainWords) : null
}

/** True when the service wants to be left alone for a time that its words name. */
export function namesItsRest(error: unknown): boolean {
  return error instanceof Error && 'retryAfter' in error && typeof error.retryAfter === 'number'
}

/** A service outside can't be asked now. The message is a whole sentence. */
export class Outage extends Error {
  readonly endedBy = 'itself'
}

/** An answer took longer than somebody could wait for it, and may be known when they try again. The message is a clause. */
export class NotInTime extends Outage {}
