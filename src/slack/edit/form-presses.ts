import type { BlockAction } from '@slack/bolt'
import type { Routes } from '../edge/routes.ts'
import { actions, groupActions, type Later, laterActions, redrawingActions } from '../kit/ids.ts'
import { isTarget, pick } from './access-inputs.ts'
import type { createEditForm } from './edit-form.ts'
import { laterDay } from './expiry-inputs.ts'
import type { Altered, Asked, FormDrafts } from './form-drafts.ts'
import { groups } from './form-groups.ts'
import { withClosed, withOpen, without } from './open-groups.ts'

type Deps = {
  routes: Routes
  drafts: FormDrafts
  form: Pick<ReturnType<typeof createEditForm>, 'redraw'>
}

/** Presses and choices in an open form before it is sent: each redraws it, with everything typed so far. */
export function registerFormPresses({ routes, drafts, form }: Deps): void {
  for (const group of groups) {
    on(groupActions(group).open, (asked) => ({ open: withOpen(group, asked) }))
    on(groupActions(group).close, (asked) => ({ open: withClosed(group, asked) }))
  }
  on(actions.addModule, pickModule)
  for (const [action, group] of Object.entries(redrawingActions))
    on(action, (asked) => ({ open: withOpen(group, asked) }))
  for (const [length, action] of Object.entries(laterActions)) on(action, (asked) => putOff(asked, length as Later))
  on(actions.expiresNever, ({ form, ...asked }) => expiring({ form: { ...form, expiry: 'never' }, ...asked }))
  on(actions.expiresOnADay, ({ form, ...asked }) => expiring({ form: { ...form, expiry: 'date' }, ...asked }))

  function on(action: string, adds: (asked: Asked, body: BlockAction) => Altered): void {
    routes.pressed(action, async ({ ack, body, client }) => {
      const { view } = body
      if (!view) return ack()
      const pressed = { id: view.private_metadata, person: body.user.id, values: view.state.values }
      const asked = await drafts.alter(pressed, (asked) => adds(asked, body))
      await ack()
      await form.redraw(client, { id: view.id, hash: view.hash }, asked)
    })
  }
}

/** People press twice while Slack has not redrawn the form: two presses ask for the same as one. */
function putOff(asked: Asked, length: Later): Altered {
  const date = laterDay(asked, length)
  return expiring(date === null ? asked : { ...asked, form: { ...asked.form, expiry: 'date', date } })
}

function expiring(asked: Asked): Altered {
  return { form: asked.form, open: withOpen('expiry', asked) }
}

/** The choice has been read with everything else; its select starts afresh, for the next one. */
function pickModule(asked: Asked, { actions: [action] }: BlockAction): Altered {
  const picked = action?.type === 'static_select' ? action.selected_option?.value : undefined
  if (picked === undefined || !isTarget(picked)) return {}
  const { afresh } = asked.draft
  const open = [...without(pick(picked), asked.open), pick(picked)]
  return { open: withOpen('access', { ...asked, open }), afresh: { ...afresh, addModule: (afresh.addModule ?? 0) + 1 } }
}
