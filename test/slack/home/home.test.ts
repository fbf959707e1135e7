import { expect, test } from 'vitest'
import { startWorld } from '../../support/journey.ts'

test('Home names a change to those who may decide on it, until they have', async () => {
  const config = { approvals: 2 }
  const { alice, bob, carol, mallory, slack } = await startWorld({ transport: 'socket', config })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  const waits = /Needs you\n#1 Renames ci-deploy to ci · Website/
  expect(await bob.opensHome()).toMatch(waits)
  expect(await mallory.opensHome()).not.toMatch(waits)
  expect(await alice.opensHome()).toMatch(/Nothing is waiting for you\.\nYours\n#1 Renames ci-deploy/)
  await bob.approves(card)
  await slack.waitFor(() => bob.readsCard(card).includes('approved by'), 'the approval')
  expect(await bob.opensHome()).not.toMatch(waits)
  expect(await carol.opensHome()).toMatch(waits)
})

test('while Slack cannot say who somebody is, nothing stays on their Home', async () => {
  const { alice, mallory, passes, slack, logs, until } = await startWorld({ transport: 'socket' })
  await alice.asksFor('ci-deploy', { name: 'ci' })
  expect(await alice.opensHome()).toContain('#1 Renames ci-deploy')
  passes(61)
  slack.trouble.fail['users.info'] = 'internal_error'
  const home = await alice.opensHome()
  expect(home).toBe("Countersign can't tell right now what you may see here. Open this page again in a minute.")
  await until('the log to say so', () => logs.some((line) => line.includes('internal_error')))
  delete slack.trouble.fail['users.info']
  expect(await alice.opensHome()).toContain('#1 Renames ci-deploy')
  expect(await mallory.opensHome()).not.toContain('#1')
})

test('somebody who may do nothing here sees on Home why, and nothing else', async () => {
  const { alice, mallory, slack } = await startWorld({ transport: 'socket' })
  await alice.asksFor('ci-deploy', { name: 'ci' })
  expect(await mallory.opensHome()).toContain('Nothing is waiting for you.')
  await slack.admin.changePerson('U0MALLORY', { isRestricted: true })
  const home = await mallory.opensHome()
  expect(home).toContain('guests may not')
  expect(home).not.toContain('Edit a token')
})
