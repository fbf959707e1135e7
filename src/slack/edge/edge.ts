import type { Words } from '../../words/words.ts'
import { limits, plainText } from '../kit/blocks.ts'
import { modals } from '../kit/ids.ts'
import { refusalView } from '../kit/modal.ts'
import type { Delivery } from '../link/delivery.ts'
import { type Args, anyBody, type Body } from './any-body.ts'
import { laterFor, type Over, over, wasDone, wordsFor } from './failure-words.ts'
import { tellLate } from './late.ts'
import { asText, type Said, sayOrKeep } from './say.ts'
import { isSilent, isSuggestion, unhandled } from './unhandled.ts'
import type { Untold } from './untold.ts'

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

function isAcked({ context }: Args): boolean {
  return (context.delivery as Delivery | undefined)?.acked ?? true
}

function isLate({ context }: Args): boolean {
  return ((context.delivery as Delivery | undefined)?.late ?? false) !== false
}

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

/** Bolt types `ack` by kind of delivery; here any kind may come. */
function ackWith(args: Args, response: unknown): Promise<void> {
  const ack = (args as { ack?: (response: unknown) => Promise<void> }).ack
  return ack ? ack(response) : Promise.resolve()
}
