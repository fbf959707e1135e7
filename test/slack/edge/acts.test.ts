import { expect, test } from 'vitest'
import { actOf, doneBy } from '../../../src/slack/edge/acts.ts'
import { alice } from '../../support/world.ts'

const page = `<html>\n  xoxb-1-secret ${'x'.repeat(6000)}`
const by = { user: { id: alice } }

test.each<[string, object]>([
  ['command', { command: page, text: 'list', user_id: alice }],
  ['button', { ...by, type: 'block_actions', actions: [{ action_id: page, value: '1:1' }] }],
  ['form', { ...by, type: 'view_submission', view: { callback_id: page } }],
  ['shortcut', { ...by, type: 'shortcut', callback_id: page }],
  ['event', { type: 'event_callback', event: { type: page, user: alice } }],
  ['delivery', { ...by, type: page }],
])('a %s that is called by a page of text is named to the log in one short line, without a secret', (_, body) => {
  const said = doneBy(actOf(body))
  expect(said).toMatch(/^what U0ALICE did \(<html> \[secret\] x+…/)
  expect(said.length).toBeLessThan(350)
})
