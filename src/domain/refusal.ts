/** Pieces of a sentence, and instants (ISO) in it. */
export type Later = readonly (string | { readonly at: string })[]

export type RefusalCode = 'invalid' | 'not_found' | 'not_allowed' | 'wrong_status' | 'no_changes' | 'unavailable'

/**
 * A "no" said on purpose. `message` is shown to the person who asked, so it says what happened, what that means for the
 * change, and what to do. Anything else that is thrown is a bug or an outage.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: RefusalCode
  /** What the log says of it: the same each time, also where what the person reads counts the minutes. */
  readonly noted: string
  /** What is said in place of the message to whoever reads it later, where that counts the minutes; null where it does not. */
  readonly later: Later | null
  constructor(
    code: RefusalCode,
    message: string,
    { noted = message, later = null, cause }: { noted?: string; later?: Later | null; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.code = code
    this.noted = noted
    this.later = later
  }
}

/** Says that a service outside does not do what has to be asked of it, until an operator sees to it. */
export class OperatorNeeded extends Refusal {
  readonly endedBy = 'operator'
  constructor(message: string) {
    super('unavailable', message)
  }
}

/** Says that a service outside does not let the app in, or not here, until an operator sees to it. */
export class AccessRefused extends OperatorNeeded {
  /** Why, as a clause that names nothing: it may stand where everybody reads. */
  readonly why: string
  constructor(message: string, why: string) {
    super(message)
    this.why = why
  }
}

/** Says that so much is being asked of a service outside that this was not even begun. */
export class NotBegun extends Refusal {
  constructor(message: string) {
    super('unavailable', message)
  }
}

/** Says that the app's own log can't be written: trouble of no service outside. */
export class LogNotWritten extends Refusal {
  constructor(message: string, cause: unknown) {
    super('unavailable', message, { cause })
  }
}

/** Says that what somebody has before them is nothing that the database has. */
export class NotKnownHere extends Refusal {}

/** For `catch` after what may be refused without standing in the way of what comes next; anything else is thrown on. */
export function passOverRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}
