import type { Changes } from '../../workflow/changes/changes.ts'
import type { CatchUp } from '../../workflow/rounds/catch-up.ts'
import { openModal } from '../calls/views.ts'
import { pressed, spotOf, submitted, thenCatchUp } from '../edge/press.ts'
import type { Routes } from '../edge/routes.ts'
import { actions, modals } from '../kit/ids.ts'
import type { EditToken } from './edit-token.ts'

export type ReviseDeps = {
  routes: Routes
  changes: Changes
  catchUp: CatchUp
  editToken: EditToken
}

/**
 * A new revision of an open change: edited in the form, or rebased onto the token as it was found.
 */
export function registerRevise({ routes, changes, catchUp, editToken }: ReviseDeps): void {
  routes.pressed(actions.amend, async ({ ack, body, client }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      await ack()
      const change = await changes.mayAmend(press)
      const { view } = await editToken.formForChange(change, press.by)
      await openModal(client, body.trigger_id, view)
    })
  })

  routes.pressed(actions.rebase, async ({ ack, body, client }) => {
    const press = pressed(body)
    await thenCatchUp({ catchUp, id: press.id, body }, async () => {
      await ack()
      const rebasing = await changes.mayRebase(press)
      await openModal(client, body.trigger_id, await editToken.ofRebase(rebasing, spotOf(body)))
    })
  })

  routes.submitted(modals.rebaseForm, async ({ ack, body, view }) => {
    const press = submitted({ user: body.user, view })
    await thenCatchUp({ catchUp, id: press.id, body: null }, async () => {
      await changes.rebase(press)
      await ack()
    })
  })
}
