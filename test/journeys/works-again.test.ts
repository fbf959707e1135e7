import { expect, test } from 'vitest'
import { startWorld } from '../support/journey.ts'

const expired = {
  uid: 'blt5c1de0000000a001',
  name: 'ci-deploy',
  description: '',
  scope: [
    { module: 'entry', acl: { read: true } },
    { module: 'branch', acl: { read: true }, branches: ['main'] },
  ],
  expires_on: '2020-01-31',
}
const policy = { rules: [{ name: 'longer', when: { verdict: 'widens' }, approvers: ['U0BOB'] }] }

test('a change that extends an expiry that has passed says everywhere that the token works again', async () => {
  const { alice, bob, slack, stack, until } = await startWorld({
    transport: 'socket',
    stack: { tokens: [expired] as never },
    config: { policy },
  })
  await alice.opens('ci-deploy')
  expect(alice.reads()).toContain('Expiry: expired 2020-01-31')
  await alice.looksInto('expiry')
  expect(alice.reads()).toContain('Now: expired 2020-01-31 and no longer works. The buttons count from today, 20')
  await alice.fillsIn({ date: '2031-05-04', reason: 'Needed once more' })
  await alice.submits()
  expect(alice.reads()).toContain('Widens: works again, and expires on 2031-05-04; it had expired on 2020-01-31.')
  await alice.submits()
  const card = await slack.waitFor(() => bob.cards()[0], 'the card')
  expect(bob.readsCard(card)).toContain('Makes ci-deploy work again, until 4 May 2031 · #1')
  expect(bob.readsCard(card)).toContain('Widens: had expired on 2020-01-31.')
  await bob.approves(card)
  await until('the update', () => stack.takenUpdates() === 1)
  await until('the outcome', () =>
    bob.readsCard(card).includes('Applied: makes ci-deploy work again, until 4 May 2031'),
  )
})

test('a token that expires while a change waits works again by then, for whoever approves it', async () => {
  const { alice, bob, passes } = await startWorld({ transport: 'socket', timing: { sweep: 3600 } })
  const card = await alice.asksFor('migration-2024', { date: '2031-05-04' })
  expect(bob.readsCard(card)).toContain('Extends migration-2024 to 4 May 2031')
  passes(6.5 * 86_400)
  await bob.presses(card, 'approve_with_comment')
  await bob.modalCalled('approve_form')
  expect(bob.reads()).toContain('Widens: works again, and expires on 2031-05-04; it had expired on ')
})

test('a card whose token expires while the change waits says so by itself', async () => {
  const { alice, bob, until, passes } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('migration-2024', { date: '2031-05-04' })
  expect(bob.readsCard(card)).toContain('Extends migration-2024 to 4 May 2031')
  passes(6.5 * 86_400)
  await until('the card', () => bob.readsCard(card).includes('Makes migration-2024 work again, until 4 May 2031'))
  expect(bob.readsCard(card)).toContain('Widens: had expired on ')
})
