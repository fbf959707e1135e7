import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import type { Door } from '../../workflow/looks/door.ts'
import { longestNoMs } from '../../workflow/rounds/noes.ts'
import { type Answered, answersWithinMs } from './answers.ts'
import { retryAfterMs } from './errors.ts'
import { endsToken, kindOf } from './no-kinds.ts'
import { SlackNo, SlackUnheard } from './said.ts'
import { neededScopes } from './scopes.ts'

type Deps = {
  /** Shut while Slack says no to the app itself: only an operator can help. */
  readonly letIn: Door
  /** Shut while Slack gives no answers. */
  readonly answering: Door
  /** Called once when a method gets no answer while others do, until it gets one. */
  readonly onUnheard: (why: string) => void
  /** Called once such a method gets an answer. */
  readonly onHeardAgain: (method: string) => void
  readonly now: () => Date
  /** A clock in milliseconds that nobody can set. */
  readonly ticks: () => number
}

/** It can be asked about the app itself at any time, and needs no scope. */
const question = 'auth.test'

/** Unanswered questions in a row, together with one call of another method; fewer may be bad luck. */
const enough = 3

/** By then the app has called again every method it needs; nobody may ever want the others that Slack said no to. */
const forgottenAfterMs = longestNoMs + minutesToMilliseconds(15)

/**
 * Learns from the result of each call with the bot token whether Slack lets the app in, and whether it answers at all.
 * A "no" to a method stands until that method works; one to the app as a whole until `auth.test` works.
 */
export function createLetIn({ letIn, answering, onUnheard, onHeardAgain, now, ticks }: Deps) {
  const noes = new Map<string, { readonly why: string; readonly at: number }>()
  const unheard = new Map<string, { readonly why: string; told: boolean }>()
  /** When the first call failed since the last answer. */
  let failingSince: string | null = null
  const unanswered = { questions: 0, others: 0 }
  let answersSince = Number.NEGATIVE_INFINITY
  return { hear, isToBeAsked, isTold }

  function hear({ method, channel, failure }: Answered): void {
    if (failure === null || retryAfterMs(failure) === null) heardFrom(method, failure)
    if (failure === null) works(method)
    else if (failure instanceof SlackNo && isOfApp(failure, channel)) refused(method, failure)
    if (failure instanceof SlackUnheard) leftUnheard(method, failure)
    tell()
  }

  /** True if another question would tell. */
  function isToBeAsked(): boolean {
    for (const [method, { at }] of noes) if (method !== question && ticks() - at > forgottenAfterMs) noes.delete(method)
    tell()
    return failingSince !== null || noes.size > 0
  }

  /** True if a failure only repeats what operators have been told: that Slack does not let the app in. */
  function isTold(failure: unknown): boolean {
    if (failure instanceof AggregateError) return failure.errors.every(isTold)
    if (!(failure instanceof SlackNo)) return false
    return (noes.has(question) && endsToken(failure.data.error ?? '')) || failure.message === letIn.shut()?.why
  }

  function works(method: string): void {
    if (method === question && noes.has(question)) noes.clear()
    noes.delete(method)
    for (const one of unheard.values()) {
      if (!one.told) onUnheard(one.why)
      one.told = true
    }
  }

  /** If even the question gets no answer, Slack answers nothing: that is reported separately. */
  function leftUnheard(method: string, { message: why }: SlackUnheard): void {
    if (!isSilent() && ticks() - answersSince >= answersWithinMs && !unheard.has(method))
      unheard.set(method, { why, told: false })
  }

  function isSilent(): boolean {
    return unanswered.questions > 0 || answering.shut() !== null
  }

  function refused(method: string, no: SlackNo): void {
    const error = no.data.error ?? ''
    if (endsToken(error))
      noes.set(question, { why: `the bot token in SLACK_BOT_TOKEN is not accepted (${error})`, at: ticks() })
    else noes.set(method, { why: no.message, at: ticks() })
  }

  function heardFrom(method: string, failure: Answered['failure']): void {
    if (failure?.endedBy === 'itself') failsFor(method, failure.message)
    else answers(method)
  }

  function failsFor(method: string, why: string): void {
    failingSince ??= now().toISOString()
    if (method === question) unanswered.questions += 1
    else unanswered.others = 1
    if (unanswered.questions + unanswered.others >= enough) answering.refuses(why, failingSince)
  }

  /** A failure from while Slack was silent, or a call made then, says nothing about a single method. */
  function answers(method: string): void {
    if (unheard.get(method)?.told) onHeardAgain(method)
    unheard.delete(method)
    if (isSilent()) {
      answersSince = ticks()
      for (const [other, { told }] of unheard) if (!told) unheard.delete(other)
    }
    failingSince = null
    Object.assign(unanswered, { questions: 0, others: 0 })
    answering.accepts()
  }

  function tell(): void {
    const [first] = noes.values()
    if (first === undefined) letIn.accepts()
    else letIn.refuses(first.why)
  }
}

/** Errors that may also be about the channel of a call. Source: docs.slack.dev/reference/methods/chat.postMessage. */
const maybeOfChannel = ['access_denied', 'ekm_access_denied', 'no_permission']

/** A lasting "no" that is not about this one call. The app does without anything that needs an optional scope. */
function isOfApp({ data, endedBy }: SlackNo, channel: string | null): boolean {
  const { error = '', needed } = data as { error?: string; needed?: string }
  if (endedBy !== 'operator' || (channel !== null && maybeOfChannel.includes(error))) return false
  if (kindOf(error) !== 'scope' || needed === undefined) return true
  return neededScopes.some((scope) => needed.split(',').includes(scope))
}
