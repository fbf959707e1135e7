import { ErrorCode, SlackError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'
import type { EndedBy } from '../../domain/outside-trouble.ts'
import { kindOf, type NoKind, tooMany } from './no-kinds.ts'

/** `error` is one of Slack's own names. */
export type No = { readonly ok: false; readonly error: string; readonly needed?: string | undefined }

/** Slack's own "no" to a call. Its message is a clause in words, without a full stop. */
export class SlackNo extends WebAPIPlatformError {
  readonly method: string
  readonly endedBy: EndedBy
  /** An error of Slack's own may come after part of the work: "some aspect of the operation" can have succeeded, its pages say. */
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

/** Slack was not heard: nothing came in time, or what came is not Slack's. The message is a clause too. */
export class SlackUnheard extends SlackError {
  readonly code = ErrorCode.RequestError
  readonly endedBy = 'itself'
  readonly plainWords = 'Slack gave no answer'
  readonly method: string
  /** `why` says what to do already. */
  readonly isExplained: boolean
  /** The proxy that the call went through. */
  readonly proxy: string | null
  /** Nothing of the call can have got there. */
  readonly notDone: boolean
  constructor(method: string, why: string, { isExplained = false, proxy = null, notDone = false }: Unheard = {}) {
    super(`Slack gave no answer to ${method}: ${why}`)
    this.method = method
    this.isExplained = isExplained
    this.proxy = proxy
    this.notDone = notDone
  }
}

/** The app stops, and does not wait for Slack any longer. `wasAsked`: Slack may have done it, as after any answer that did not come. */
export class GivenUp extends SlackUnheard {
  constructor(method: string, wasAsked: boolean) {
    super(method, 'Countersign stops', { notDone: !wasAsked })
  }
}

/** True of whatever failed of that. */
export function isGivenUp(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isGivenUp)
  return error instanceof GivenUp || (error instanceof Error && isGivenUp(error.cause))
}

/** Slack takes no more calls for now: for so many seconds, where it says so, or by our own measure. */
export class SlackBusy extends WebAPIRateLimitedError {
  readonly endedBy = 'itself'
  readonly notDone = true
  readonly method: string
  /** In seconds, what Slack asked for where that is longer than it is left alone; null elsewhere. */
  readonly askedFor: number | null
  constructor(method: string, seconds: number, askedFor: number | null = null) {
    super(seconds)
    this.method = method
    this.askedFor = askedFor
    this.message = this.leftAlone(`for ${seconds} s`)
  }

  /** The same as the message, with another word for how long. */
  leftAlone(howLong: string): string {
    const asked = this.askedFor === null ? '' : ` (it asked for ${this.askedFor} s)`
    return `Slack had too many calls of ${this.method}, and is left alone ${howLong}${asked}`
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
  plan: (method, { error }) => `the plan of this Slack workspace does not have what ${method} asks for (${error})`,
  barred: (method, { error }) => `the settings of this Slack workspace do not let the app call ${method} (${error})`,
  outage: (method, { error }) => `Slack can't answer ${method} now (${error})`,
  other: (method, { error }) => `Slack says no to ${method} (${error})`,
}
