import { HTTPError, TimeoutError } from 'ky'
import { z } from 'zod'
import { causeOf, fromOutside, isExplained, isOfProxy, neverConnected } from '../domain/from-outside.ts'
import { Outage } from '../domain/outside-trouble.ts'
import { AccessRefused, NotBegun, OperatorNeeded, Refusal } from '../domain/refusal.ts'
import type { WriteAnswer } from '../ports/stack.ts'
import { placeInWords, proxyTo } from '../proxies-used.ts'
import { TooLarge, TooLong } from './bounds.ts'
import type { Credential } from './credential.ts'
import { NeverLeft } from './leaving.ts'
import { TooManyWaiting } from './turns.ts'
import { failure, faultsInWords } from './wire.ts'

type StackAnswer = {
  readonly status: number
  readonly code: number | undefined
  /** True if the body has Contentstack's own form, not that of something in between. */
  readonly genuine: boolean
  /** Empty if there was none. */
  readonly requestId: string
  /** The reason in the stack's own words, then the status, code and request id for Contentstack's support. */
  readonly words: string
}

type Named = Pick<Credential, 'called' | 'secret'>

type Context = {
  readonly stack: string
  readonly credential: Named & Pick<Credential, 'notAccepted' | 'forbidden'>
  readonly baseUrl: string
}

/**
 * Turns a failed read into an error: a Refusal in words if the stack said no, else an Error for the log that says why
 * the stack could not be asked. Neither contains the request, its headers or the credential. `uid` is the token that was
 * asked for. Source of the meanings: contentstack.md §7.
 */
export function readFailure(error: unknown, context: Context, uid?: string): Error {
  if (error instanceof Refusal || error instanceof StackOutage) return error
  if (error instanceof TooManyWaiting)
    return new NotBegun(
      `Too many looks at "${context.stack}" are waiting already, so this one was not begun. Try again in a minute.`,
    )
  const excess = excessInWords(error, context.stack)
  if (excess !== null) return new OperatorNeeded(excess)
  const answer = answerOf(error, context.credential)
  if (answer === null || isForNow(answer) || isInBetween(answer)) return outageOf(error, context)
  if (uid !== undefined && isUnknownToken(answer))
    return new Refusal(
      'not_found',
      `The stack "${context.stack}" has no token ${uid}: it was deleted, or was never there. Choose another token.`,
    )
  const said = ` Contentstack said: ${answer.words}.`
  const barred = barredInWords(answer, context)
  if (barred !== null) return new AccessRefused(`${barred.words}${said}`, barred.why)
  const refused = `Contentstack refused to show the tokens of "${context.stack}", so they can't be read or changed: an operator must look into its reason.${said}`
  return uid === undefined ? new OperatorNeeded(refused) : new Refusal('unavailable', refused)
}

/** The stack gave no answer, or none that the app can use. The message is a sentence. */
export class StackOutage extends Outage {
  /** Without the names of the machines that were called. */
  readonly plainWords: string
  /**
   * True if the message says what to do, or there is nothing to do because Contentstack itself said that it is down.
   */
  readonly isExplained: boolean
  constructor(message: string, plainWords: string, isExplained: boolean) {
    super(message)
    this.plainWords = plainWords
    this.isExplained = isExplained
  }
}

function outageOf(error: unknown, context: Context): StackOutage {
  const proxy = proxyTo(context.baseUrl)
  const why = outageInWords(error, context.credential, { to: hostOf(context), proxy })
  const words = `The stack "${context.stack}" can't be reached right now: ${why}`
  const answer = answerOf(error, context.credential)
  const isHeard = answer !== null || error instanceof TimeoutError || isUnreadable(error)
  const isClear = isExplained(error) || (answer?.genuine ?? false)
  return new StackOutage(`${words}.`, isHeard ? words : 'Contentstack could not be reached', isClear)
}

function isForNow({ status }: StackAnswer): boolean {
  return status >= 500 || status === 408 || status === 429
}

/** A firewall's page or a guest network's login says nothing about the credential, the API key or the account. */
function isInBetween({ status, genuine }: StackAnswer): boolean {
  return isDetour(status) || (status >= 400 && !genuine)
}

/** A temporary redirect; a permanent one (301, 308) means another address. */
function isDetour(status: number): boolean {
  return [302, 303, 307].includes(status)
}

function excessInWords(error: unknown, stack: string): string | null {
  const found =
    error instanceof TooLarge
      ? `An answer of "${stack}" is larger than 4 MB`
      : error instanceof TooLong && `"${stack}" ${endlessly(error)}`
  return found
    ? `${found}, so the rest was not read, and none of it was used. An operator must look into what sits between Countersign and Contentstack.`
    : null
}

function endlessly({ message }: TooLong): string {
  return `lists more than ${message}, or never comes to an end`
}

const stackNotFound = 21
const notPermitted = 161

/** Only for the stack's own answers: something in between answers 404 as well. */
function isUnknownToken({ status, code }: StackAnswer): boolean {
  return code !== stackNotFound && (status === 404 || status === 422)
}

type Barred = { readonly words: string; readonly why: string }

/** Null for a "no" that is not about who asks, or from where. */
function barredInWords({ status, code }: StackAnswer, { stack, credential }: Context): Barred | null {
  const { called, forbidden, notAccepted } = credential
  if (status === 403 || code === notPermitted)
    return {
      why: forbidden.why,
      words: `The account behind the ${called} may not manage the tokens of "${stack}", so they can't be read or changed: an operator must ${forbidden.remedy}.`,
    }
  if (status === 401)
    return {
      why: notAccepted.why,
      words: `Contentstack doesn't accept the ${called} for "${stack}", so its tokens can't be read or changed: an operator must ${notAccepted.remedy}.`,
    }
  if (status === 412 || code === stackNotFound)
    return {
      why: 'the API key is not known',
      words: `Contentstack doesn't know the API key of "${stack}", so its tokens can't be read or changed: an operator must check the api_key and the region.`,
    }
  if (status < 400)
    return {
      why: 'its address points elsewhere',
      words: `The address of "${stack}" points elsewhere, and the ${called} isn't sent on: an operator must check the region or base_url.`,
    }
  return null
}

/**
 * Says why a list could not be read although the stack itself could, so the reason is about this list alone: it was
 * refused, or the answer is not a list. Null for an outage.
 */
export function refusalOfList(error: unknown, credential: Named): string | null {
  if (error instanceof TooLarge) return 'its answer is larger than 4 MB'
  if (error instanceof TooLong) return `it ${endlessly(error)}`
  if (isUnreadable(error)) return outageInWords(error, credential)
  const answer = answerOf(error, credential)
  if (answer === null || isForNow(answer)) return null
  return isInBetween(answer) ? answerInWords(answer, credential) : answer.words
}

/**
 * Judges an update that didn't get a 2xx. The reasons are clauses, to follow "because" or a colon. Only a no in the
 * stack's own words counts as refused: another service's answer doesn't say whether the update went on to the stack. An
 * ended credential is not a no to the update either: it says nothing about what was approved.
 */
export function writeFailure(error: unknown, context: Context): WriteAnswer {
  const { credential } = context
  if (error instanceof Refusal) return { kind: 'refused', why: error.message }
  const answer = answerOf(error, credential)
  if (answer === null && (error instanceof NeverLeft || neverConnected(error)))
    return { kind: 'busy', why: notSentInWords(error, context) }
  if (answer === null) return { kind: 'none', why: outageInWords(error, credential) }
  const requestId = answer.requestId === '' ? {} : { requestId: answer.requestId }
  if (answer.status === 429 && answer.genuine)
    return { kind: 'busy', why: `the stack got too many requests: ${answer.words}`, ...requestId }
  if (isNotLetIn(answer)) return notLetIn(answer, credential, requestId)
  const refused = answer.genuine && answer.status >= 400 && answer.status < 500 && answer.status !== 408
  return refused
    ? { kind: 'refused', why: `the stack refused: ${answer.words}`, ...requestId }
    : { kind: 'unknown', why: outageInWords(error, credential), ...requestId }
}

/** True if the stack itself does not accept the credential, so that it did nothing. */
export function isUnauthorised(error: unknown): boolean {
  const answer = answerOf(error, { called: '', secret: '' })
  return answer !== null && isNotLetIn(answer)
}

function isNotLetIn({ genuine, status, code }: StackAnswer): boolean {
  return genuine && status === 401 && code !== notPermitted
}

function notSentInWords(error: unknown, { credential, baseUrl }: Context): string {
  const cause = error instanceof NeverLeft ? error.cause : error
  if (cause instanceof TimeoutError)
    return `no connection to ${placeInWords(baseUrl)} was made in time, and nothing was sent`
  return `${outageInWords(cause, credential)} before anything was sent`
}

function notLetIn(
  answer: StackAnswer,
  { called, notAccepted }: Context['credential'],
  requestId: { requestId?: string },
): WriteAnswer {
  const words = `Contentstack did not accept the ${called} for this update: an operator must ${notAccepted.remedy}.`
  const barred = new AccessRefused(words, notAccepted.why)
  return { kind: 'busy', why: `${words} Contentstack said: ${answer.words}`, ...requestId, barred }
}

/** The answer is not what was asked for, though it says success. */
function isUnreadable(error: unknown): boolean {
  return error instanceof z.ZodError || error instanceof SyntaxError
}

/** `proxy`: the one that the request goes through; null if there is none, or if it does not matter. */
type Asked = { readonly to?: string; readonly proxy?: string | null }

function outageInWords(error: unknown, credential: Named, { to = 'the stack', proxy = null }: Asked = {}): string {
  const answer = answerOf(error, credential)
  const through = proxy === null || isOfProxy(error) ? '' : ` through the proxy at ${proxy}`
  if (answer) return answerInWords(answer, credential, proxy)
  if (error instanceof TimeoutError) return `the stack did not answer in time${through}`
  if (error instanceof z.ZodError) return `its answer can't be read (${faultsInWords(error)})`
  if (error instanceof SyntaxError) return `its answer is not JSON, so it may come from ${between(proxy)}`
  return `the connection to ${to}${through} failed (${causeOf(error, [credential.secret])})`
}

function between(proxy: string | null): string {
  return proxy === null ? 'something in between' : `something in between, such as the proxy at ${proxy}`
}

function answerInWords(answer: StackAnswer, { called }: Named, proxy: string | null = null): string {
  if (isForNow(answer) || !isInBetween(answer)) return `the stack answered: ${answer.words}`
  if (isDetour(answer.status))
    return `its address redirects elsewhere for the moment, perhaps to a login page (status ${answer.status}), and the ${called} isn't sent on`
  const who = proxy === null ? '' : `, such as the proxy at ${proxy},`
  return `something between Countersign and Contentstack${who} answered in its place: ${answer.words}`
}

function hostOf({ baseUrl }: Context): string {
  return URL.parse(baseUrl)?.host ?? 'the stack'
}

function answerOf(error: unknown, { secret }: Named): StackAnswer | null {
  if (!(error instanceof HTTPError)) return null
  const { status, headers } = error.response
  const body = failure.safeParse(error.data)
  const { errors = {}, error_message, message, error_code: code } = body.success ? body.data : {}
  const details = Object.entries(errors).map(([field, why]) => `${field} ${[why].flat().join(', ').replace(/\.$/, '')}`)
  const said = clause(details.join('; '), secret)
  const summary = clause(error_message ?? message ?? '', secret)
  const id = clause(headers.get('x-request-id') ?? '', secret)
  const small = [said && summary, `status ${status}`, code && `code ${code}`, id && `request id ${id}`]
  const words = `${said || summary || 'no reason given'} (${small.filter(Boolean).join(', ')})`
  return { status, code, genuine: error_message !== undefined, requestId: id, words }
}

/** Without a full stop, so that the sentence can go on; never quotes the credential. */
function clause(text: string, secret: string): string {
  return fromOutside(text, [secret]).replace(/\.$/, '')
}
