import { expect, test } from 'vitest'
import { closedIn, startWorld, transports } from '../support/journey.ts'
import { bob, carol, dave } from '../support/world.ts'

const rules = [
  { name: 'both', when: { verdict: 'neutral' }, approvers: [bob, carol], quorum: 2 },
  { name: 'any', approvers: [bob, carol, dave] },
]
const config = { policy: { rules } }
const closed =
  'The policy of website: the rule "both" wants 2 approvals by different people, and of those it names 1 may give one'

test.each(transports)(
  'when one of two whom a rule needs has left, the app starts, says so, and only that rule is closed, over %s',
  async (transport) => {
    const { alice, bob, mallory, slack, logs, stack, restarts, audit } = await startWorld({ transport, config })
    await slack.admin.changePerson(carol, { deleted: true })
    await restarts(config)

    expect(closedIn(logs)).toEqual([[expect.stringContaining(closed)]])
    expect(await alice.opensHome()).toContain(`Closed: ${closed}`)

    await alice.opens('ci-deploy')
    await alice.fillsIn({ reason: 'The pipeline moved', name: 'ci' })
    await alice.submits()
    expect(alice.reads()).toContain('Too few people besides those who ask may approve this')
    await alice.submits()
    expect(alice.reads()).toContain('nobody could ever approve it. Nothing was sent')
    expect(await audit()).toContain('U0ALICE refused')

    const card = await mallory.asksFor('ci-deploy', { 'module.entry': 'read' })
    await bob.approves(card)
    await slack.waitFor(() => stack.takenUpdates() === 1, 'the change that another rule fits')
  },
)

test.each(transports)('the card of an open change names nobody who has left, over %s', async (transport) => {
  const { alice, slack, until, passes, restarts } = await startWorld({ transport, config })
  const names = (who: string) => alice.readsCard(alice.cards()[0]!).includes(who)
  await alice.asksFor('ci-deploy', { 'module.entry': 'read' })
  expect(names(`@${carol}`)).toBe(true)
  await slack.admin.changePerson(carol, { deleted: true })
  await until('the card without Carol', () => !names(`@${carol}`))
  passes(60)
  await slack.admin.changePerson(carol, { deleted: false })
  await until('the card with her', () => names(`@${carol}`))

  await alice.asksFor('ci-deploy', { name: 'ci' })
  const both = () => alice.readsCard(alice.cards()[1]!)
  await slack.admin.changePerson(carol, { deleted: true })
  await until('a word about it', () => both().includes('Too few of them are left, so nobody can approve it'))
  await restarts(config)
  await alice.says('/token 2')
  expect((await alice.hears()).at(-1)).not.toContain(`@${carol}`)
})
