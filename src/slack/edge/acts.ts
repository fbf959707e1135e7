import { z } from 'zod'
import { fromOutside } from '../../domain/from-outside.ts'
import { shortLine } from '../../words/text.ts'
import { escaped } from '../kit/blocks.ts'
import { withoutMark } from '../kit/ids.ts'

/** Who did what, as a delivery says it. */
export type Act = {
  readonly person: string | undefined
  /** For the log, without what they typed: `/token list`, `approve 1:1`. */
  readonly logged: string
  /** For the person, escaped: `/token rename ci to ci-2`, `Approve on change #1`; empty if a payload does not say. */
  readonly told: string
  /** The same for everything that one person does with one change, or otherwise with one line, button or form. */
  readonly key: string
}

export function actOf(body: unknown): Act {
  const act = acted.parse(body)
  const person = act.user?.id ?? act.user_id ?? act.event?.user
  const logged = loggedOf(act)
  const change = changeOf(act)
  const key = JSON.stringify([person, ...(change === undefined ? lineOrForm(act) : ['change', change])])
  return { person, logged, told: toldOf(act), key }
}

/** Says what somebody did, and who, for whoever reads the log. */
export function doneBy({ person, logged }: Act): string {
  return `what ${person ?? 'somebody'} did (${logged})`
}

const named = z
  .string()
  .transform((text) => fromOutside(text))
  .optional()
  .catch(undefined)
const titled = z.looseObject({ text: named }).nullish().catch(undefined)

const acted = z.looseObject({
  type: named,
  callback_id: named,
  user: z.looseObject({ id: z.string() }).optional().catch(undefined),
  /** Only commands have these. */
  user_id: named,
  command: named,
  text: named,
  /** Reported by Slack itself: somebody opened App Home, for example. */
  event: z.looseObject({ type: named, user: named }).nullish().catch(undefined),
  /** Presses and forms have these. */
  actions: z
    .array(z.looseObject({ action_id: named, value: named, text: titled }))
    .optional()
    .catch(undefined),
  view: z
    .looseObject({ id: named, root_view_id: named, callback_id: named, private_metadata: named, title: titled })
    .nullish()
    .catch(undefined),
})
type Acted = z.infer<typeof acted>

function loggedOf({ type, command, text = '', actions, view, callback_id, event }: Acted): string {
  if (command !== undefined) return [command, verb.exec(text)?.[1]].filter(Boolean).join(' ')
  const [action] = actions ?? []
  if (action?.action_id) return [action.action_id, changeIn(action.value)].filter(Boolean).join(' ')
  const id = event?.type ?? view?.callback_id ?? callback_id ?? type ?? 'something unknown'
  return [id, changeIn(view?.private_metadata)].filter(Boolean).join(' ')
}

/** The first word of a command if it can be a verb or a change's number: anything else may be anything. */
const verb = /^\s*([a-z]{2,10}|#?\d{1,9})(?:\s|$)/i

function toldOf({ command, text = '', actions, view, ...act }: Acted): string {
  if (command !== undefined) return escaped(shortLine(`${command} ${text}`.trim(), 100))
  const label = actions?.[0] ? actions[0].text?.text : view?.title?.text
  if (!label) return ''
  const change = changeOf({ actions, view, ...act })
  return escaped(shortLine(change === undefined ? label : `${label} on change #${change}`, 100))
}

/** A form sent again from below a modal pushed over it is the same form. */
function lineOrForm({ command, text, ...act }: Acted): unknown[] {
  if (command !== undefined) return [command, text?.trim()]
  return [loggedOf(act), act.actions?.[0]?.value, act.view?.root_view_id ?? act.view?.id]
}

function changeOf({ actions, view }: Acted): string | undefined {
  return changeIn(actions?.[0]?.value ?? view?.private_metadata)?.split(':')[0]
}

/** `1:1` of the value of a button or form on a change. */
function changeIn(value: string | undefined): string | undefined {
  const carried = withoutMark(value ?? '')
  return /^\d{1,15}:\d{1,15}$/.test(carried) ? carried : undefined
}
