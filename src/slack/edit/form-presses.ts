import type { BlockAction } from '@slack/bolt'
import { countedFrom } from '../../domain/quick/verbs/extend.ts'
import { laterBy } from '../../domain/token/expiry.ts'
import type { Routes } from '../edge/routes.ts'
import { actions, groupActions, laterActions, redrawingActions } from '../kit/ids.ts'
import { isTarget, pick } from './access-inputs.ts'
import type { createEditForm } from './edit-form.ts'
import { dayInSight } from './form-blocks.ts'
import type { Altered, Asked, FormDrafts } from './form-drafts.ts'
import { groups } from './form-groups.ts'
import { withOpen, without } from './open-groups.ts'

type Deps = {
  routes: Routes
  drafts: FormDrafts
  form: Pick<ReturnType<typeof createEditForm>, 'redraw'>
  now: () => Date
}

/** Presses and choices in an open form before it is sent: each redraws it, with everything typed so far. */
export function registerFormPresses({ routes, drafts, form, now }: Deps): void {
  for (const group of groups) {
    on(groupActions(group).open, (asked) => ({ open: withOpen(group, asked) }))
    on(groupActions(group).close, (asked) => ({ open: without(group, asked.open) }))
  }
  on(actions.addModule, pickModule)
  for (const [action, group] of Object.entries(redrawingActions))
    on(action, (asked) => ({ open: withOpen(group, asked) }))
  for (const [length, action] of Object.entries(laterActions)) on(action, (asked, body) => putOff(asked, body, length))
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

  /** Counted from the day that was in sight: two presses on the same view ask for the same. */
  function putOff(asked: Asked, { view }: BlockAction, length: string): Altered {
    const { form } = asked
    const today = now().toISOString().slice(0, 10)
    const from = countedFrom(dayInSight(view?.state.values ?? {}), now())?.day ?? today
    const date = laterBy(from, { count: Number.parseInt(length, 10), unit: length.endsWith('y') ? 'y' : 'd' })
    return expiring(date === null ? asked : { ...asked, form: { ...form, expiry: 'date', date } })
  }
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
