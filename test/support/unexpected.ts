import fc from 'fast-check'
import type { DeliveryKind } from '../../src/sandbox/slack/protocol.ts'
import { actions, modals, shortcuts } from '../../src/slack/kit/ids.ts'
import { alice, gus } from './world.ts'

type Json = { readonly [key: string]: unknown }
export type Unexpected = { readonly kind: DeliveryKind; readonly body: Json }

const ids = [...Object.values(actions), ...Object.values(modals), ...Object.values(shortcuts), 'of_another_version', '']
const id = fc.constantFrom(...ids)
const person = fc.constantFrom(alice, gus).map((id) => ({ id, name: 'somebody', team_id: 'T0SANDBOX' }))

const common = {
  user: person,
  team: fc.constantFrom(null, { id: 'T0SANDBOX', domain: 'sandbox' }),
  enterprise: fc.constant(null),
  token: fc.constant('legacy'),
  trigger_id: fc.constant('1.2.3'),
  action_ts: fc.constant('1700000000.000100'),
}
const value = fc.constantFrom('1:1', 'x', '', 'website:blt1')
const action = fc.record({
  type: fc.constantFrom('button', 'static_select', 'multi_external_select'),
  action_id: id,
  block_id: id,
  value,
})
const view = fc.record({
  id: fc.constant('V1'),
  type: fc.constantFrom('modal', 'home'),
  callback_id: id,
  private_metadata: fc.constantFrom('', '{}', 'draft'),
  hash: fc.constant('1.2'),
  blocks: fc.constant([]),
  state: fc.constantFrom({ values: {} }, { values: { b: { a: { type: 'plain_text_input', value: null } } } }),
})
const channel = fc.constant({ id: 'C0APPROVALS', name: 'approvals' })
const container = fc.constant({ type: 'message', message_ts: '1700000000.000100', channel_id: 'C0APPROVALS' })
const ofType = (type: string, rest: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ type: fc.constant(type), ...common, ...rest })

/** Each kind of delivery that Slack documents, including the old ones. Shapes follow the samples in slack.md §6. */
const shapes: Record<string, { readonly kind: DeliveryKind; readonly body: fc.Arbitrary<Json> }> = {
  command: {
    kind: 'command',
    body: fc.record({
      command: fc.constantFrom('/token', '/tokens', '/'),
      text: fc.constantFrom('', 'help', 'edit', '<@U0ALICE>', '#99'),
      user_id: fc.constantFrom(alice, gus),
      team_id: fc.constant('T0SANDBOX'),
      channel_id: fc.constant('C0APPROVALS'),
      trigger_id: fc.constant('1.2.3'),
    }),
  },
  block_actions: {
    kind: 'block_actions',
    body: ofType('block_actions', { actions: fc.array(action, { maxLength: 2 }), view, channel, container }),
  },
  block_suggestion: {
    kind: 'block_suggestion',
    body: ofType('block_suggestion', { action_id: id, block_id: id, value, view }),
  },
  view_submission: { kind: 'view_submission', body: ofType('view_submission', { view }) },
  view_closed: { kind: 'view_closed', body: ofType('view_closed', { view, is_cleared: fc.boolean() }) },
  shortcut: { kind: 'shortcut', body: ofType('shortcut', { callback_id: id }) },
  message_action: {
    kind: 'shortcut',
    body: ofType('message_action', { callback_id: id, channel, message: fc.constant({}) }),
  },
  interactive_message: {
    kind: 'block_actions',
    body: ofType('interactive_message', { callback_id: id, actions: fc.array(action, { maxLength: 1 }), channel }),
  },
  dialog_submission: {
    kind: 'block_actions',
    body: ofType('dialog_submission', { callback_id: id, submission: fc.constant({}), channel }),
  },
  dialog_cancellation: { kind: 'block_actions', body: ofType('dialog_cancellation', { callback_id: id, channel }) },
  dialog_suggestion: {
    kind: 'block_suggestion',
    body: ofType('dialog_suggestion', { name: id, value, callback_id: id, channel }),
  },
  workflow_step_edit: {
    kind: 'shortcut',
    body: ofType('workflow_step_edit', { callback_id: id, workflow_step: fc.constant({}) }),
  },
  unknown: { kind: 'shortcut', body: ofType('of_next_year', { callback_id: id }) },
  event: {
    kind: 'event',
    body: fc.record({
      type: fc.constant('event_callback'),
      team_id: fc.constant('T0SANDBOX'),
      event_id: fc.constant('Ev1'),
      event: fc.record({
        type: fc.constantFrom(
          'message',
          'function_executed',
          'app_home_opened',
          'user_change',
          'subteam_updated',
          'channel_shared',
          'tokens_revoked',
          'of_next_year',
        ),
        user: fc.constantFrom('U0ALICE', { id: 'U0ALICE' }, null),
        channel: fc.constantFrom('C0APPROVALS', { id: 'C0APPROVALS' }),
        tab: fc.constantFrom('home', 'messages'),
      }),
    }),
  },
}

const instead = fc.constantFrom<unknown>(undefined, null, '', 0, [], {}, 'x'.repeat(5000), { id: null })

/**
 * One of its fields is missing, or something undocumented. The fields that identify a delivery stay, so that it arrives
 * as one.
 */
function spoilt({ kind, body }: Unexpected): fc.Arbitrary<Unexpected> {
  const fields = Object.keys(body).filter((field) => field !== 'type' && field !== 'command')
  return fc
    .record({ field: fc.constantFrom(...fields), as: instead })
    .map(({ field, as }) => ({ kind, body: { ...body, [field]: as } }))
}

/** Deliveries of every kind, as documented and spoilt, that come from nothing this app shows. */
export const unexpected: fc.Arbitrary<Unexpected> = fc
  .constantFrom(...Object.values(shapes))
  .chain(({ kind, body }) => body.map((body) => ({ kind, body })))
  .chain((whole) => fc.oneof(fc.constant(whole), spoilt(whole)))
