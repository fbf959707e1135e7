/** Pieces of a sentence, and instants (ISO) in it. */
export type Later = readonly (string | { readonly at: string })[]

/** Pieces of a sentence, and people and user groups in it, by Slack id. */
export type Naming = readonly (string | { readonly person: string } | { readonly group: string })[]

export type RefusalCode = 'invalid' | 'not_found' | 'not_allowed' | 'wrong_status' | 'no_changes' | 'unavailable'

/**
 * A "no" said on purpose. `message` is shown to the person who asked, so it says what happened, what that means for the
 * change, and what to do. Anything else that is thrown is a bug or an outage.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: RefusalCode
  /** The words for the log: the same each time, even if those for the person count the minutes. */
  readonly noted: string
  /** The words for somebody who reads it later, if the message counts the minutes; null if it does not. */
  readonly later: Later | null
  /**
   * The words for somebody in Slack, if it can say more there than `message`: who can, by name, and what they can press
   * instead.
   */
  readonly naming: Naming | null
  constructor(
    code: RefusalCode,
    message: string,
    { noted = message, later = null, naming = null, cause }: Besides = {},
  ) {
    super(message, { cause })
    this.code = code
    this.noted = noted
    this.later = later
    this.naming = naming
  }
}

type Besides = {
  readonly noted?: string
  readonly later?: Later | null
  readonly naming?: Naming | null
  readonly cause?: unknown
}

/** An outside service does not do what it is asked until an operator sees to it. */
export class OperatorNeeded extends Refusal {
  readonly endedBy = 'operator'
  constructor(message: string) {
    super('unavailable', message)
  }
}

/** An outside service does not let the app in, or not here, until an operator sees to it. */
export class AccessRefused extends OperatorNeeded {
  /** The reason, as a clause that names nothing: everybody may read it. */
  readonly why: string
  constructor(message: string, why: string) {
    super(message)
    this.why = why
  }
}

/** An outside service is asked for so much that this was not even begun. */
export class NotBegun extends Refusal {
  constructor(message: string) {
    super('unavailable', message)
  }
}

/** The app's own log can't be written: no outside service is in trouble. */
export class LogNotWritten extends Refusal {
  constructor(message: string, cause: unknown) {
    super('unavailable', message, { cause })
  }
}

/** The database does not have what somebody sees before them. */
export class NotKnownHere extends Refusal {}

/** For `catch`, after something whose refusal must not stop what comes next; anything else is thrown on. */
export function passOverRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}
