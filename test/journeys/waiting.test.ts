import { describe, expect, test } from 'vitest'
import { buttonsIn } from '../slack/kit/drawn.ts'
import { startWorld } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'
const hour = 3600

describe('while a change waits', () => {
  test('those who can still decide are reminded in its thread, less and less often, and at last it expires', async () => {
    const { alice, bob, slack, stack, passes, until, audit } = await startWorld({ config: { approvals: 2 } })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    passes(4 * hour)
    await slack.waitFor(() => bob.thread(card).length === 1, 'the first reminder')
    expect(bob.thread(card)[0]).toMatch(/^@U0CAROL: please approve or reject it on the card\.\nChange #1 to token/)
    const events = async () => (await audit(1)).filter((event) => event === 'app reminded').length
    passes(7 * hour)
    await alice.opensHome()
    expect(await events()).toBe(1)
    passes(hour + 1)
    await slack.waitFor(() => bob.thread(card).length === 2, 'the second reminder')
    expect(bob.cards()).toHaveLength(1)

    passes(7 * 24 * hour)
    await slack.waitFor(() => /expired/.test(bob.card(card).text), 'the end')
    await slack.waitFor(() => alice.dms()[1]?.includes('expired'), 'the word to Alice')
    expect(buttonsIn(bob.card(card).blocks)).toEqual([])
    await until('the end in the log', async () => (await audit(1)).at(-1) === 'app expired')
    expect(stack.takenUpdates()).toBe(0)
  })

  test('the requester nudges once an hour, and nobody else does', async () => {
    const { alice, bob, mallory, passes, slack, audit } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.presses(card, 'nudge')
    expect(await alice.hears()).toEqual([
      expect.stringMatching(/you can nudge in (59|60) minutes\. Nothing was sent\.$/),
    ])
    passes(hour)
    await alice.presses(card, 'nudge')
    await slack.waitFor(() => bob.thread(card).length === 1, 'the nudge')
    expect(bob.thread(card)[0]).toContain('@U0BOB, @U0CAROL: please approve or reject it')
    await alice.presses(card, 'nudge')
    await alice.hears(2)
    await mallory.presses(card, 'nudge')
    expect(await mallory.hears()).toEqual([
      'Only those who asked for change #1 can nudge its approvers: <@U0ALICE>. Nothing was sent. You can ask them to, in the thread of its card.',
    ])
    expect(bob.thread(card)).toHaveLength(1)
    expect((await audit(1)).filter((event) => event.endsWith('nudged'))).toEqual(['U0ALICE nudged'])
  })

  test('an approver says that they are looking, and the card tells everybody', async () => {
    const { alice, bob, carol, mallory, slack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await mallory.presses(card, 'claim')
    expect((await mallory.hears())[0]).toContain('only the people its rule names may decide on it')
    await bob.presses(card, 'claim')
    await slack.waitFor(() => alice.readsCard(card).includes('@U0BOB has been looking at it since'), 'the claim')
    await carol.presses(carol.card(card), 'claim')
    await slack.waitFor(() => alice.readsCard(card).includes(', and @U0CAROL since'), 'the other claim')
    expect(alice.readsCard(card)).toContain('@U0BOB has been looking at it since')
  })

  test("an approver's comment reaches the card and the requester", async () => {
    const { alice, bob, slack, stack } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.confirms(card, 'approve_with_comment', { comment: 'Fine,\n<!channel>' })
    expect(bob.modal()).toBeUndefined()
    await slack.waitFor(() => alice.dms()[1]?.includes('was applied'), 'the word to Alice')
    expect(alice.dms()[1]).toContain('@U0BOB wrote when approving:\nFine,\n<!channel>')
    expect(alice.readsCard(card)).toMatch(/Approved by @U0BOB .*\nFine,\n<!channel>/)
    expect(stack.token(ciDeploy)?.name).toBe('ci')
  })
})
