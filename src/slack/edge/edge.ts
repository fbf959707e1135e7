import { randomBytes } from 'node:crypto'
import type { AllMiddlewareArgs, AnyMiddlewareArgs } from '@slack/bolt'
import { z } from 'zod'
import { fromOutside } from '../../domain/from-outside.ts'
import { endOf, NotInTime, plainWordsOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Words } from '../../words/words.ts'
import { replyAddress } from '../calls/answers.ts'
import { retryAfterMs, slackErrorName } from '../calls/errors.ts'
import { isGivenUp } from '../calls/said.ts'
import { dateInText, escaped, limits, plainText } from '../kit/blocks.ts'
import { modals } from '../kit/ids.ts'
import { refusalView } from '../kit/modal.ts'
import { inText } from '../kit/rich.ts'
import type { Delivery } from '../link/delivery.ts'
import { actOf, doneBy } from './acts.ts'
import { isSilent, isSuggestion, unhandled } from './unhandled.ts'
import type { CameOf, Untold } from './untold.ts'

type Args = AnyMiddlewareArgs & AllMiddlewareArgs

/**
 * The one place where errors end. Only the person who acted is told of a refusal, in its own words; anything else is
 * logged once, and they are told the id under which it is logged. Nothing is left without an ack. If an ack came too
 * late, the person is still told what came of it, and if Slack takes no words for a while, they are told afterwards. If
 * Slack takes none at all for somebody, because they have left, for example, that is not an error.
 */
export function answeringErrors(untold: Pick<Untold, 'keep'>) {
  return async (args: Args): Promise<void> => {
    try {
      await args.next()
      if (!isAcked(args)) throw unhandled(args.body)
      if (isLate(args)) await tellLate(args, untold)
    } catch (error) {
      const said = { words: wordsFor(error, args), later: laterFor(error, args.body), wasDone: wasDone(error) }
      await tell(args, said, untold, over(error))
    }
  }
}

/** `later`: the words for somebody who reads them only then, escaped, if they differ. */
type Said = Pick<CameOf, 'wasDone'> & { readonly words: string | Words; readonly later?: string | null }

function laterFor(error: unknown, body: unknown): string | null {
  if (!(error instanceof Refusal)) return retryAfterMs(error) === null ? null : escaped(busyWords(error, null, body))
  return error.later?.map((word) => (typeof word === 'string' ? escaped(word) : dateInText(word.at))).join('') ?? null
}

/** For the log, after what somebody did. */
function wasDone(error: unknown): string {
  if (error instanceof NotInTime || slackErrorName(error) === 'expired_trigger_id') return 'was not done'
  if (isOfShowing(error)) return 'could not be shown, and nothing was sent or changed'
  if (!(error instanceof Refusal)) return 'could not be done, or could not be answered'
  return saysNothing.test(error.message) ? 'was refused, so nothing was done' : 'was refused'
}

const saysNothing = /\bnothing (was|has)\b/i

function isAcked({ context }: Args): boolean {
  return (context.delivery as Delivery | undefined)?.acked ?? true
}

function isLate({ context }: Args): boolean {
  return ((context.delivery as Delivery | undefined)?.late ?? false) !== false
}

/**
 * The title of a modal over the form, and what to do there. `isPast`: the change has moved on, so the form can only be
 * refused again.
 */
type Over = { readonly title?: string | undefined; readonly back: string | null; readonly isPast: boolean }

function over(error: unknown): Over {
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

function wordsFor(error: unknown, args: Args): string | Words {
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
    // Nobody is told an id, and if Slack or a stack does not let it happen, that is already an error of its own.
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

const anyBody = z.looseObject({
  type: z.string().optional().catch(undefined),
  command: z.string().optional().catch(undefined),
  response_url: z.string().optional().catch(undefined),
  view: z.looseObject({ callback_id: z.string() }).optional().catch(undefined),
})
type Body = z.infer<typeof anyBody>

async function tell(args: Args, said: Said, untold: Pick<Untold, 'keep'>, over: Over): Promise<void> {
  const body = anyBody.parse(args.body)
  const acked = isAcked(args)
  const answer = answerTo(body, said.words, over)
  if (!acked) await ackWith(args, answer)
  const isSeen = answer !== undefined && !acked && !isLate(args)
  if (isSeen || isSilent(body)) return
  await sayOrKeep(args, said, untold)
}

/** Forms in which nothing is asked for: what is typed there counts only for the change as it was shown. */
const decisions: readonly string[] = [
  modals.approveForm,
  modals.rejectForm,
  modals.cancelForm,
  modals.rebaseForm,
  modals.takeOverForm,
]

/** Forms and commands show their ack's content; for that, Slack need not answer any call. */
function answerTo(body: Body, words: string | Words, { title, back, isPast }: Over): unknown {
  if (body.command !== undefined) return { response_type: 'ephemeral', text: asText(words) }
  if (body.type === 'view_submission' && isPast && decisions.includes(body.view?.callback_id ?? ''))
    return {
      response_action: 'update',
      view: { ...refusalView(words, title), close: plainText('Close', limits.viewTitle) },
    }
  if (body.type === 'view_submission') return { response_action: 'push', view: refusalView(words, title, back) }
  return isSuggestion(body) ? { options: [] } : undefined
}

/** Commands and shortcuts are answered by what they open or say, which comes after the ack anyway. */
async function tellLate(args: Args, untold: Pick<Untold, 'keep'>): Promise<void> {
  const body = anyBody.parse(args.body)
  if (body.type !== 'block_actions' && body.type !== 'view_submission') return
  const { answer, late } = args.context.delivery as Delivery
  const got = late === 'perhaps' ? stoodStill : 'Slack got no answer in time'
  args.logger.warn(`${got}: a message says what happened.`)
  const { done, lost } = late === 'perhaps' ? perhapsLate : surelyLate
  await sayOrKeep(args, needsToBeSeen(answer) ? lost : done, untold)
}

/**
 * An answer that shows something new is worth nothing unseen; without an answer, or with one that closes the form,
 * everything is done.
 */
function needsToBeSeen(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    (answer as { response_action?: unknown }).response_action !== 'clear'
  )
}

const stoodStill =
  'Countersign was paused for some seconds, perhaps with its whole machine, so Slack may have got no answer in time'

const surelyLate = {
  done: {
    wasDone: 'was done',
    words:
      'Slack got no answer to this in time, so it may have shown you an error. It was done all the same: look at the card or at App Home.',
  },
  lost: {
    wasDone: 'was not done',
    words: 'Slack got no answer to this in time, so nothing came of it and nothing was sent. Try again.',
  },
} satisfies Record<string, Said>

/** If the ack was in time, the answer is seen, so this must fit both cases. */
const perhapsLate = {
  done: {
    wasDone: 'was done',
    words:
      'Slack may have got no answer to this in time, and may have shown you an error. It was done all the same: look at the card or at App Home.',
  },
  lost: {
    wasDone: 'was not done',
    words:
      'Slack may have got no answer to this in time. If it showed you an error, nothing was done and nothing was sent: try again.',
  },
} satisfies Record<string, Said>

/** Nobody waits for words that Slack does not take now, not even a stop. */
async function sayOrKeep(args: Args, said: Said, untold: Pick<Untold, 'keep'>): Promise<void> {
  const act = actOf(args.body)
  const text = asText(said.words)
  await say(args, act.person, text).catch((error: unknown) =>
    untold.keep({ act, words: said.later ?? text, wasDone: said.wasDone }, error),
  )
}

function asText(words: string | Words): string {
  return typeof words === 'string' ? escaped(words) : inText(words)
}

/** Sends a message if Slack does not take it at the address it gave for that. */
async function say(args: Args, person: string | undefined, text: string): Promise<void> {
  const { response_url } = anyBody.parse(args.body)
  const post = async () => {
    if (person !== undefined) await args.client.chat.postMessage({ channel: person, text })
  }
  if (!response_url || !('respond' in args) || !args.respond) return post()
  await args.respond({ response_type: 'ephemeral', replace_original: false, text }).catch(() => {
    // It does no harm if one person sees words twice.
    return post()
  })
}

/** Bolt types `ack` by kind of delivery; here any kind may come. */
function ackWith(args: Args, response: unknown): Promise<void> {
  const ack = (args as { ack?: (response: unknown) => Promise<void> }).ack
  return ack ? ack(response) : Promise.resolve()
}
