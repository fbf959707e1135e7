import { ErrorCode, SlackError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'
import type { EndedBy } from '../../domain/outside-trouble.ts'
import { kindOf, type NoKind, tooMany } from './no-kinds.ts'

/** `error` is one of Slack's own names. */
export type No = { readonly ok: false; readonly error: string; readonly needed?: string | undefined }

/** Slack's own "no" to a call. Its message is a clause without a full stop. */
export class SlackNo extends WebAPIPlatformError {
  readonly method: string
  readonly endedBy: EndedBy
  /**
   * True if Slack can have done none of it. Some of Slack's own errors may come after part of the work: "some aspect of
   * the operation" can have succeeded, its pages say.
   */
  readonly notDone: boolean
  constructor(method: string, no: No) {
    super(no)
    const kind = kindOf(no.error)
    this.notDone = kind !== 'outage' || tooMany.includes(no.error)
    this.method = method
    this.endedBy = endedBy[kind]
    this.message = words[kind](method, no)
  }
}

type Unheard = { readonly isExplained?: boolean; readonly proxy?: string | null; readonly notDone?: boolean }

/** Slack was not heard: no answer came in time, or one that is not Slack's. The message is a clause too. */
export class SlackUnheard extends SlackError {
  readonly code = ErrorCode.RequestError
  readonly endedBy = 'itself'
  readonly plainWords = 'Slack gave no answer'
  readonly method: string
  /** True if `why` already says what to do. */
  readonly isExplained: boolean
  /** The proxy that the call went through. */
  readonly proxy: string | null
  /** True if nothing of the call can have arrived. */
  readonly notDone: boolean
  constructor(method: string, why: string, { isExplained = false, proxy = null, notDone = false }: Unheard = {}) {
    super(`Slack gave no answer to ${method}: ${why}`)
    this.method = method
    this.isExplained = isExplained
    this.proxy = proxy
    this.notDone = notDone
  }
}

/**
 * The app stops, and no longer waits for Slack. `wasAsked`: Slack may have done it, as with any call whose answer never
 * came.
 */
export class GivenUp extends SlackUnheard {
  constructor(method: string, wasAsked: boolean) {
    super(method, 'Countersign is stopping', { notDone: !wasAsked })
  }
}

/** True for any failure caused by that. */
export function isGivenUp(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isGivenUp)
  return error instanceof GivenUp || (error instanceof Error && isGivenUp(error.cause))
}

/** Slack takes no more calls for now: for as many seconds as it says, or as we choose. */
export class SlackBusy extends WebAPIRateLimitedError {
  readonly endedBy = 'itself'
  readonly notDone = true
  readonly method: string
  /** The rest that Slack asked for, in seconds, if that is longer than it is left alone; otherwise null. */
  readonly askedFor: number | null
  constructor(method: string, seconds: number, askedFor: number | null = null) {
    super(seconds)
    this.method = method
    this.askedFor = askedFor
    this.message = this.leftAlone(`for ${seconds} s`)
  }

  /** The same as the message, with other words for how long. */
  leftAlone(howLong: string): string {
    const asked = this.askedFor === null ? '' : ` (Slack asked for ${this.askedFor} s)`
    return `Slack got too many calls to ${this.method}, so Countersign pauses them ${howLong}${asked}`
  }
}

const endedBy: Record<NoKind, EndedBy> = {
  token: 'operator',
  scope: 'operator',
  plan: 'operator',
  barred: 'operator',
  outage: 'itself',
  other: 'nothing',
}

const words: Record<NoKind, (method: string, no: No) => string> = {
  token: (method, { error }) => `Slack does not accept the app's token for ${method} (${error})`,
  scope: (method, { error, needed }) =>
    `the Slack app lacks ${needed === undefined ? 'a scope' : `the scope ${needed}`} for ${method} (${error})`,
  plan: (method, { error }) => `the plan of this Slack workspace does not include what ${method} needs (${error})`,
  barred: (method, { error }) => `the settings of this Slack workspace do not let the app call ${method} (${error})`,
  outage: (method, { error }) => `Slack can't answer ${method} now (${error})`,
  other: (method, { error }) => `Slack refuses ${method} (${error})`,
}
