import { isLooking, lookingAt } from '../../domain/change/looking.ts'
import { wasNotDone } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChangeReads } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'
import { lookingInWords } from '../../words/decisions.ts'
import type { Changes } from '../../workflow/changes/changes.ts'
import type { Electorates } from '../../workflow/changes/electorates.ts'
import type { CatchUp } from '../../workflow/rounds/catch-up.ts'
import { slackErrorName, type Warn } from '../calls/errors.ts'
import { openModal } from '../calls/views.ts'
import { pressed, spotOf, submitted, thenCatchUp } from '../edge/press.ts'
import type { Routes } from '../edge/routes.ts'
import { actions, modals } from '../kit/ids.ts'
import { inText } from '../kit/rich.ts'
import { lookingForm } from './looking-form.ts'

export type WaitingDeps = {
  routes: Routes
  store: ChangeReads
  chat: Chat
  changes: Changes
  catchUp: CatchUp
  log: Warn
  electorates: Electorates
}

/** While a change waits: an approver says that they are reviewing it, the requester reminds the approvers. */
export function registerWaiting({ routes, store, chat, changes, catchUp, log, electorates }: WaitingDeps): void {
  routes.pressed(actions.claim, async ({ ack, body, client, respond }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      const before = (await store.get(press.id)).change
      const change = await changes.claim(press)
      await ack()
      if (isLooking(before, press.by))
        return openModal(client, body.trigger_id, lookingForm(change, press.by, spotOf(body)))
      const [others] = lookingInWords(
        lookingAt(change).filter(({ by }) => by !== press.by),
        `change #${press.id}`,
      )
      if (others) await respond({ ...privately, text: inText([...others, ' Now its card names you as well.']) })
    })
  })

  routes.submitted(modals.lookingForm, async ({ ack, body, view }) => {
    const press = submitted({ user: body.user, view })
    await thenCatchUp({ catchUp, id: press.id, body: null }, async () => {
      await changes.stopLooking(press)
      await ack()
    })
  })

  routes.pressed(actions.nudge, async ({ ack, body }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      await changes.nudge(press)
      await ack()
    })
    await remind(press.id)
  })

  /** Sent once or not at all: a nudge is recorded first, so that pressing again can't repeat it. */
  async function remind(id: number): Promise<void> {
    try {
      const stored = await store.get(id)
      await chat.remind(stored, await electorates.toRemind(stored.change))
    } catch (error) {
      log.warn({ err: error, change: id }, 'The approvers could not be nudged.')
      throw new Refusal('unavailable', notNudged(id, error))
    }
  }
}

const privately = { response_type: 'ephemeral', replace_original: false } as const

/** Tells the person who nudged that the message did not get through. */
export function notNudged(id: number, error: unknown): string {
  const message = `the message to the approvers of change #${id}`
  if (!wasNotDone(error)) return `Slack did not take ${message}, so they may not have been told. ${nudgeLater}`
  const no = slackErrorName(error)
  if (no === null) return `Slack did not take ${message}, so nobody was told. ${nudgeLater}`
  return `Slack refused ${message} (${no}), so they have not been told. ${stillWaits}, and tell whoever runs Countersign.`
}

const stillWaits = 'The change still waits; ask them yourself'
const nudgeLater = `${stillWaits}, or nudge again later.`
