import { expect, test } from 'vitest'
import { showChange } from '../../src/cli/change/show.ts'
import { startWorld } from '../support/journey.ts'
import { atTerminalOf } from '../support/terminal.ts'

const twin = (uid: string, name: string) => ({
  uid,
  name,
  scope: [
    { module: 'entry', acl: { read: true } },
    { module: 'branch', acl: { read: true }, branches: ['main'] },
  ],
})
const tokens = [
  twin('blt5c1de0000000b010', 'twin'),
  twin('blt5c1de0000000b011', 'Twin'),
  twin('blt5c1de0000000b012', 'solo'),
]

test('wherever a change is shown, it says which of two tokens of one name is meant', async () => {
  const { alice, bob, slack, env } = await startWorld({ transport: 'socket', stack: { tokens } })
  await alice.says('/token rename blt5c1de0000000b011 to ci because it moves')
  await slack.waitFor(() => alice.modal()?.view.callback_id === 'preview', 'the preview')
  expect(alice.reads()).toContain('Token: Twin (…b011)\nStack: Website')
  await alice.pressesInForm('edit_in_form')
  expect(alice.reads()).toContain('Token: Twin (…b011) on Website')
  await alice.submits()
  await alice.submits()
  const card = await slack.waitFor(() => bob.cards()[0], 'the card')
  expect(bob.readsCard(card)).toContain('Renames Twin (…b011) to ci · #1')
  expect(bob.readsCard(card)).toContain('Token: Twin (…b011)\nStack: Website')
  expect(card.text).toContain('Change #1 to token Twin (…b011) on Website by')
  await slack.waitFor(() => alice.dms().length > 0, 'the direct message')
  expect(alice.dms()[0]).toContain('Your change #1 to token Twin (…b011) on Website')
  await alice.says('/token mine')
  await bob.says('/token pending')
  for (const [one] of [await alice.hears(), await bob.hears()])
    expect(one).toContain('#1 Renames Twin (…b011) to ci · Website. It ')
  expect(await alice.opensHome()).toContain('#1 Renames Twin (…b011) to ci · Website. It ')
  const { out } = await atTerminalOf(env, (terminal) => showChange('1', {}, { ...terminal, columns: null }))
  expect(out).toContain('Token: "Twin" ("…b011")')
  await bob.presses(card, 'approve_with_comment')
  await bob.modalCalled('approve_form')
  expect(bob.reads()).toContain('this is written to the token (…b011) on Website:\nTwin')
  await bob.closeModal()
  await alice.presses(card, 'cancel')
  await alice.modalCalled('cancel_form')
  expect(alice.reads()).toContain('Change #1 to token Twin (…b011) on Website will end here')
  await alice.closeModal()
  await bob.presses(card, 'reject')
  await bob.modalCalled('reject_form')
  expect(bob.reads()).toContain('Change #1 to token Twin (…b011) on Website will end here')
  await bob.closeModal()
  await bob.rejects(card, 'Not now')
  await slack.waitFor(() => alice.dms().length > 1, 'the outcome')
  expect(await alice.opensHome()).toContain('Twin (…b011) on Website')
})

test('where the name is enough, nothing more is said', async () => {
  const { alice, bob } = await startWorld({ transport: 'http', stack: { tokens } })
  const card = await alice.asksFor('solo', { name: 'ci' })
  expect(bob.readsCard(card)).toContain('Token: solo\nStack: Website')
})
