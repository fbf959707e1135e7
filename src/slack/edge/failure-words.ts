import { randomBytes } from 'node:crypto'
import { fromOutside } from '../../domain/from-outside.ts'
import { endOf, NotInTime, plainWordsOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Words } from '../../words/words.ts'
import { replyAddress } from '../calls/answers.ts'
import { retryAfterMs, slackErrorName } from '../calls/errors.ts'
import { isGivenUp } from '../calls/said.ts'
import { dateInText, escaped } from '../kit/blocks.ts'
import { modals } from '../kit/ids.ts'
import { actOf, doneBy } from './acts.ts'
import { type Args, anyBody } from './any-body.ts'
import { isSilent } from './unhandled.ts'

/** The words for somebody who reads them only afterwards, escaped; null if they do not differ. */
export function laterFor(error: unknown, body: unknown): string | null {
  if (!(error instanceof Refusal)) return retryAfterMs(error) === null ? null : escaped(busyWords(error, null, body))
  return error.later?.map((word) => (typeof word === 'string' ? escaped(word) : dateInText(word.at))).join('') ?? null
}

/** For the log, after what somebody did. */
export function wasDone(error: unknown): string {
  if (error instanceof NotInTime || slackErrorName(error) === 'expired_trigger_id') return 'was not done'
  if (isOfShowing(error)) return 'could not be shown, and nothing was sent or changed'
  if (!(error instanceof Refusal)) return 'could not be done, or could not be answered'
  return saysNothing.test(error.message) ? 'was refused, so nothing was done' : 'was refused'
}

const saysNothing = /\bnothing (was|has)\b/i

/**
 * The title of a modal over the form, and what to do there. `isPast`: the change has moved on, so the form can only be
 * refused again.
 */
export type Over = { readonly title?: string | undefined; readonly back: string | null; readonly isPast: boolean }

export function over(error: unknown): Over {
  const cause = error instanceof Refusal ? error.cause : error
  const isPast = error instanceof Refusal && error.code === 'wrong_status'
  return { title: titleFor(error), back: endOf(cause) === 'itself' ? formIsKept : null, isPast }
}

const formIsKept = 'Back takes you to your form as you left it. Send it again from there.'

/** Something already done was not refused, and a bug or an outage is not a refusal. */
function titleFor(error: unknown): string | undefined {
  if (!(error instanceof Refusal) || endOf(error.cause) === 'itself') return 'This did not work'
  return error.code === 'no_changes' ? 'Nothing had to be done' : undefined
}

/** The words for whoever acted. Anything but a refusal is logged, with the id that they are told. */
export function wordsFor(error: unknown, args: Args): string | Words {
  if (error instanceof Refusal) return error.naming ?? error.message
  if (error instanceof NotInTime) return `${error.message}, so nothing was done. Try again.`
  const told = triggerWords[slackErrorName(error) ?? '']
  if (told !== undefined) return told
  const restMs = retryAfterMs(error)
  if (restMs !== null) return busyWords(error, restMs, args.body)
  return isGivenUp(error) ? stops : loggedWords(error, args)
}

/** The app itself keeps to this pause, and it ends by itself: no operator has to look into it. Null once it is over. */
function busyWords(error: unknown, restMs: number | null, body: unknown): string {
  const then = isOfShowing(error)
    ? `${whatChanged(body)}: try again`
    : `${recorded} Look at the card or at App Home, and try again`
  const busy = `Slack got too many calls${ofWhat(error)}`
  if (restMs === null) return `${busy}, so this could not be answered. ${then}.`
  return `${busy}, so Countersign pauses them for ${inMinutes(restMs)} and could not answer this. ${then} after that.`
}

function loggedWords(error: unknown, { logger, body }: Args): string {
  if (endOf(error) !== null && isSilent(anyBody.parse(body))) {
    // Nobody is shown an id, and if Slack or a stack does not let it happen, that is already an error of its own.
    logger.warn(`W${doneBy(actOf(body)).slice(1)} ${wasDone(error)}: ${fromOutside((error as Error).message)}.`)
    return ''
  }
  const id = randomBytes(4).toString('hex')
  logger.error(`error ${id}: ${doneBy(actOf(body))} ${wasDone(error)}.`, error)
  const what = troubleInWords(error) ?? 'Something went wrong here'
  if (isOfShowing(error) && endOf(error) === 'itself')
    return `${what}, so you may not see what you asked for. ${whatChanged(body)}: if you don't see it, try again in a minute. It is logged as ${id}.`
  return (
    `${what}; it is logged as ${id}. ${recorded} ` +
    'Look at the card or at App Home, and try again. If it happens again, give that id to whoever runs Countersign.'
  )
}

const recorded = 'Whatever was recorded before that still counts, and Countersign catches up on its own.'

/** Nobody sees this once Slack is given up: then operators are told whose answers were lost. */
const stops = 'Countersign is stopping, so this could not be answered. Try again in a minute.'

/** True if a call only shows something: whatever makes it has recorded and sent nothing. */
function isOfShowing(error: unknown): boolean {
  const { method } = error as { method?: unknown }
  return typeof method === 'string' && showing.includes(method)
}

const showing = ['views.open', 'views.update', 'views.publish', replyAddress]

/** A press in a form is kept in it, even if its redrawing fails. */
function whatChanged(body: unknown): string {
  const { type, view } = anyBody.parse(body)
  const isInForm = type === 'block_actions' && view?.callback_id === modals.editForm
  return isInForm ? 'Nothing was sent, and the form keeps what you chose' : 'Nothing was sent and nothing has changed'
}

function ofWhat(error: unknown): string {
  const { method } = error as { method?: unknown }
  return typeof method === 'string' ? ` to ${method}` : ''
}

function inMinutes(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds === 1) return '1 second'
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}

/** A person's words for what an outside service did; null for anything that could only puzzle them. */
function troubleInWords(error: unknown): string | null {
  const end = endOf(error)
  if (end === null || end === 'nothing') return null
  return fromOutside(plainWordsOf(error) ?? (error as Error).message)
    .replace(/^the/, 'The')
    .replace(/\.$/, '')
}

/**
 * Slack lets a form open within 3 seconds of the act that asked for it, and once: a second delivery of the same act
 * finds it open. Source: slack.md §1.3, points 6 and 7.
 */
const triggerWords: Partial<Record<string, string>> = {
  expired_trigger_id:
    'This took too long, so Slack would no longer open the form. Nothing was opened and nothing has changed: try again.',
  exchanged_trigger_id:
    'Slack delivered this twice. What it opened the first time still works; nothing more was opened, and nothing has changed. If you see nothing, try again.',
}
