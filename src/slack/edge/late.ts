import type { Delivery } from '../link/delivery.ts'
import { type Args, anyBody } from './any-body.ts'
import { type Said, sayOrKeep } from './say.ts'
import type { Untold } from './untold.ts'

/** Commands and shortcuts are answered by what they open or say, which comes after the ack anyway. */
export async function tellLate(args: Args, untold: Pick<Untold, 'keep'>): Promise<void> {
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
