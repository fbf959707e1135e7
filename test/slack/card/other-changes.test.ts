import { expect, test } from 'vitest'
import { startWorld } from '../../support/journey.ts'

test('open changes to the same token name one another, until one of them ends', async () => {
  const { alice, bob, slack } = await startWorld({ transport: 'socket' })
  const first = await alice.asksFor('ci-deploy', { name: 'ci' })
  expect(bob.readsCard(first)).not.toContain('Other open changes')

  await alice.checks('ci-deploy', { name: 'ci-other' })
  expect(alice.reads()).toMatch(/Other open changes to this token: \[#1\]\(http.*\/archives\//)
  await alice.submits()
  const second = await slack.waitFor(
    () => bob.cards().find(({ text }) => text.includes('Change #2 ')),
    'the second card',
  )
  expect(bob.readsCard(second)).toContain('Other open changes to this token: [#1](')
  await slack.waitFor(() => bob.readsCard(first).includes('Other open changes to this token: [#2]('), 'the first card')

  await alice.cancels(first)
  await slack.waitFor(() => !bob.readsCard(second).includes('Other open changes'), 'the second card to stand alone')
})

test('changes to other tokens are not named', async () => {
  const { alice, bob } = await startWorld({ transport: 'socket' })
  const first = await alice.asksFor('ci-deploy', { name: 'ci' })
  const second = await alice.asksFor('preview-reader', { name: 'other' })
  expect(bob.readsCard(first) + bob.readsCard(second)).not.toContain('Other open changes')
})

test('a change whose card was found again, since its post was never answered, is named on the cards of others', async () => {
  const { alice, bob, passes, slack } = await startWorld({ transport: 'socket', scopes: ['channels:history'] })
  const first = await alice.asksFor('ci-deploy', { name: 'ci' })
  slack.trouble.loseAnswers = ['chat.postMessage']
  const stop = slack.onChange(() => {
    if (bob.cards().length < 2) return
    slack.trouble.loseAnswers = []
    stop()
  })
  await alice.sends('ci-deploy', { name: 'ci-other' })
  await slack.waitFor(() => bob.cards()[1], 'the second card')
  passes(120)
  await slack.waitFor(() => bob.readsCard(first).includes('Other open changes to this token: [#2]('), 'the first card')
})
