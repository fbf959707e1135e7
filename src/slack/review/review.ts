import type { App, BlockAction } from '@slack/bolt'
import type { Change } from '../../domain/change/change.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Which } from '../../words/which-token.ts'
import type { Press } from '../../workflow/changes/acting.ts'
import { openModal } from '../calls/views.ts'
import { pressed, spotOf, submitted, thenCatchUp } from '../edge/press.ts'
import { type ReviseDeps, registerRevise } from '../edit/revise.ts'
import { actions, modals } from '../kit/ids.ts'
import { approveForm, nameError, readApproval } from './approve-form.ts'
import { cancelForm } from './cancel-form.ts'
import { readRejection, rejectForm } from './reject-form.ts'
import { takeOverForm } from './take-over-form.ts'
import { registerWaiting, type WaitingDeps } from './waiting.ts'

type Deps = ReviseDeps &
  WaitingDeps & { readonly store: Pick<LookReads, 'knownTokens'>; readonly titleOf: (stack: string) => Promise<string> }

/** Everything people do on a card. Their decisions are on disk before Slack is answered. */
export function registerReview(deps: Deps): void {
  registerDecisions(deps)
  registerWaiting(deps)
  registerRevise(deps)
  registerTakeOver(deps)
}

/** Approve, at once or in a form; reject with a reason; cancel. */
function registerDecisions({ routes, store, titleOf, changes, catchUp }: Deps): void {
  const whichOf = createWhich({ store, titleOf })

  routes.pressed(actions.approve, async ({ ack, body, client }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      const approved = await changes.approveUnconfirmed(press)
      await ack()
      if (!approved) await openApproveForm(client, body, press)
    })
  })

  routes.pressed(actions.approveWithComment, async ({ ack, body, client }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      await ack()
      await openApproveForm(client, body, press)
    })
  })

  routes.submitted(modals.approveForm, async ({ ack, body, view }) => {
    const press = submitted({ user: body.user, view })
    const { name, comment } = readApproval(view.state.values)
    const { change } = await store.get(press.id)
    const error = name !== null && change.revision === press.revision ? nameError(change, name) : null
    if (error) return ack({ response_action: 'errors', errors: error })
    await thenCatchUp({ catchUp, id: press.id, body: null }, async () => {
      await changes.approve(press, comment, name !== null)
      await ack()
    })
  })

  routes.pressed(actions.reject, async ({ ack, body, client }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      await ack()
      const change = await changes.mayReject(press)
      await openModal(client, body.trigger_id, rejectForm(change, await whichOf(change), spotOf(body)))
    })
  })

  routes.submitted(modals.rejectForm, async ({ ack, body, view }) => {
    const press = submitted({ user: body.user, view })
    await thenCatchUp({ catchUp, id: press.id, body: null }, async () => {
      await changes.reject(press, readRejection(view.state.values))
      await ack()
    })
  })

  routes.pressed(actions.cancel, async ({ ack, body, client }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      await ack()
      const change = await changes.mayCancel(press)
      await openModal(client, body.trigger_id, cancelForm(change, await whichOf(change), spotOf(body)))
    })
  })

  routes.submitted(modals.cancelForm, async ({ ack, body, view }) => {
    const press = submitted({ user: body.user, view })
    await thenCatchUp({ catchUp, id: press.id, body: null }, async () => {
      await changes.cancel(press.id, press.by, press)
      await ack()
    })
  })

  /** Somebody who may not approve is refused before they fill in a form. */
  async function openApproveForm(client: Client, body: BlockAction, press: Press): Promise<void> {
    const { change, confirm, noNearer } = await changes.mayApprove(press)
    const asked = { ...(await whichOf(change)), confirm, noNearer, opened: spotOf(body) }
    await openModal(client, body.trigger_id, approveForm(change, asked))
  }
}

/** Taking a change over, which asks again first. */
function registerTakeOver({ routes, store, titleOf, changes, catchUp }: Deps): void {
  const whichOf = createWhich({ store, titleOf })

  routes.pressed(actions.takeOver, async ({ ack, body, client }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      await ack()
      const { change, by } = await changes.mayTakeOver(press)
      await openModal(client, body.trigger_id, takeOverForm(change, by, await whichOf(change), spotOf(body)))
    })
  })

  routes.submitted(modals.takeOverForm, async ({ ack, body, view }) => {
    const press = submitted({ user: body.user, view })
    await thenCatchUp({ catchUp, id: press.id, body: null }, async () => {
      await changes.takeOver(press)
      await ack()
    })
  })
}

function createWhich({ store, titleOf }: Pick<Deps, 'store' | 'titleOf'>) {
  return async (change: Change): Promise<Which> => {
    const [stackTitle, known] = await Promise.all([titleOf(change.stack), store.knownTokens()])
    return { stackTitle, uidEnd: uidEndOf(change, known) }
  }
}

type Client = App['client']
