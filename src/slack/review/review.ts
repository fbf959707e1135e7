import type { App, BlockAction } from '@slack/bolt'
import type { Change } from '../../domain/change/change.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Press } from '../../workflow/changes/acting.ts'
import { openModal } from '../calls/views.ts'
import { pressed, spotOf, submitted, thenCatchUp } from '../edge/press.ts'
import { type ReviseDeps, registerRevise } from '../edit/revise.ts'
import { actions, modals } from '../kit/ids.ts'
import { approveForm, nameError, readApproval } from './approve-form.ts'
import { cancelForm } from './cancel-form.ts'
import { readRejection, rejectForm } from './reject-form.ts'
import { registerWaiting, type WaitingDeps } from './waiting.ts'

type Deps = ReviseDeps & WaitingDeps & { readonly store: Pick<LookReads, 'knownTokens'> }

/** Everything people do on a card. Their decisions are on disk before Slack is answered. */
export function registerReview(deps: Deps): void {
  registerDecisions(deps)
  registerWaiting(deps)
  registerRevise(deps)
}

/** Approve, at once or in a form; reject with a reason; cancel. */
function registerDecisions({ routes, store, changes, catchUp }: Deps): void {
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
      await openModal(client, body.trigger_id, rejectForm(change, spotOf(body), await uidEnd(change)))
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
      await openModal(client, body.trigger_id, cancelForm(change, spotOf(body), await uidEnd(change)))
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
    const { change, confirm } = await changes.mayApprove(press)
    const asked = { confirm, opened: spotOf(body), uidEnd: await uidEnd(change) }
    await openModal(client, body.trigger_id, approveForm(change, asked))
  }

  async function uidEnd(change: Change): Promise<string | null> {
    return uidEndOf(change, await store.knownTokens())
  }
}

type Client = App['client']
