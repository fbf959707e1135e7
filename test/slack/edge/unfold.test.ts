import { expect, test } from 'vitest'
import { unfoldMore } from '../../../src/slack/edge/unfold.ts'

const next = async () => {}
const chosen = (value: string) => ({
  type: 'overflow',
  action_id: 'more',
  selected_option: { value, text: { type: 'plain_text', text: 'Nudge' } },
  action_ts: '1.2',
})

test('a choice in the menu is the press of the button that it stands for, made when it was chosen', async () => {
  const body = { actions: [chosen('nudge 42:1:0123456789abcdef')] }
  const [action] = body.actions
  await unfoldMore({ body, next })
  expect(action).toMatchObject({ type: 'button', action_id: 'nudge', value: '42:1:0123456789abcdef', action_ts: '1.2' })
  expect(action).toMatchObject({ text: { text: 'Nudge' } })
})

test.each([
  ['a menu that the app did not draw', { actions: [chosen('something else entirely')] }],
  ['a button', { actions: [{ type: 'button', action_id: 'approve', value: '42:1' }] }],
  ['a command', { command: '/token', text: 'list' }],
  ['nothing', undefined],
])('%s goes on as it came', async (_, body) => {
  const before = structuredClone(body)
  let passed = 0
  await unfoldMore({ body, next: async () => void passed++ })
  expect(body).toEqual(before)
  expect(passed).toBe(1)
})
