import { expect, test } from 'vitest'
import { closedIn, startWorld, type World } from '../support/journey.ts'
import { bob, carol, dave } from '../support/world.ts'

const rules = [
  { name: 'both', when: { verdict: 'neutral' }, approvers: [bob, carol], quorum: 2 },
  { name: 'any', approvers: [bob, carol, dave] },
]
const config = { policy: { rules } }
const closed =
  'The policy of website: the rule "both" wants 2 approvals by different people, but only 1 of those it names may give one; U0CAROL may not, because deactivated members may not use Countersign.'

/** Home calls a stack by its title. */
const onHome = closed.replace('website', 'Website')

test('when one of two whom a rule needs has left, the app starts, says so, and only that rule is closed', async () => {
  const { alice, bob, mallory, slack, logs, stack, restarts, audit } = await startWorld({ config })
  await slack.admin.changePerson(carol, { deleted: true })
  await restarts(config)

  expect(closedIn(logs).at(-1)).toEqual([expect.stringContaining(closed)])
  expect(await alice.opensHome()).toContain(`Closed: ${onHome}`)

  await alice.opens('ci-deploy')
  await alice.fillsIn({ reason: 'The pipeline moved', name: 'ci' })
  await alice.submits()
  expect(alice.reads()).toContain('Rule: both\n○ @U0BOB: needs 2 approvals, though only one person can give one')
  expect(alice.reads()).toContain('Too few people besides those who ask may approve this')
  await alice.submits()
  expect(alice.reads()).toContain('nobody could ever approve it. Nothing was sent')
  expect(await audit()).toContain('U0ALICE refused')

  const card = await mallory.asksFor('ci-deploy', { 'module.entry': 'read' })
  await bob.approves(card)
  await slack.waitFor(() => stack.takenUpdates() === 1, 'the change that another rule fits')
})

test('a rule that closes while the app runs is an error in the log and on Home, until enough are there again', async () => {
  const { alice, slack, logs, until } = await startWorld({ config })
  expect(await alice.opensHome()).not.toContain(onHome)
  const isOnHome = () => alice.readsHome().includes(`Closed: ${onHome}`)
  await slack.admin.changePerson(carol, { deleted: true })
  await until('the error', () => closedIn(logs).length > 0)
  expect(closedIn(logs)).toEqual([[expect.stringContaining(closed)]])
  await until('Home to say so', isOnHome)
  await slack.admin.changePerson(carol, { deleted: false })
  await until('a line that it is over', () =>
    logs.some((line) => JSON.parse(line).open?.[0] === 'The policy of website: the rule "both"'),
  )
  await until('Home to say nothing of it', () => !isOnHome())
})

test('a rule is found to be broken within five minutes of its people leaving silently', async () => {
  const { slack, logs, passes, until } = await startWorld({ transport: 'http', config })
  slack.deliverTo('http://127.0.0.1:9/')
  await slack.admin.changePerson(carol, { deleted: true })
  passes(300)
  await until('the error', () => closedIn(logs).length > 0)
  expect(closedIn(logs)).toEqual([[expect.stringContaining(closed)]])
})

test('the card of an open change names nobody who has left', async () => {
  const { alice, slack, until, passes, restarts } = await startWorld({ config })
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
  await until('a word about it', () =>
    both().includes('Too few people are left who can approve it. It can be approved once there are enough again'),
  )
  expect(both()).toContain('Rule: both\n○ @U0BOB: needs 2 approvals, though only one person can give one')
  await restarts(config)
  await alice.says('/token 2')
  expect((await alice.hears()).at(-1)).not.toContain(`@${carol}`)
})

test('whoever asked is told once that too few are left who could approve', async () => {
  const { alice, bob: approver, slack, until, passes, restarts } = await startWorld({ config })
  await alice.asksFor('ci-deploy', { name: 'ci' })
  await until('the word that it was sent', () => alice.dms().length === 1)
  await slack.admin.changePerson(carol, { deleted: true })
  await until('the word that it can not be approved', () => alice.dms().length === 2)
  expect(alice.dms()[1]).toMatch(/^Your change #1 to token ci-deploy on Website can't be approved now\.\n/)
  expect(alice.dms()[1]).toContain(
    'Too few people are left who can approve it. It can be approved once there are enough again. To ask again under another policy, cancel it.',
  )
  const isShort = () => alice.readsCard(alice.cards()[0]!).includes('Too few people')
  for (const deleted of [false, true]) {
    passes(60)
    await slack.admin.changePerson(carol, { deleted })
    await until('the card to say so', () => isShort() === deleted)
  }
  await restarts(config)
  await approver.rejects(alice.cards()[0]!, 'Not now')
  await until('the word that it was rejected', () => alice.dms().some((dm) => dm.includes('was rejected')))
  expect(alice.dms()).toHaveLength(3)
})

test('the card of an open change no longer names somebody who left while the app did not run', async () => {
  const { alice, slack, until, restarts } = await startWorld({ transport: 'http', config })
  await alice.asksFor('ci-deploy', { 'module.entry': 'read' })
  const names = () => alice.readsCard(alice.cards()[0]!).includes(`@${carol}`)
  expect(names()).toBe(true)
  slack.deliverTo('http://127.0.0.1:9/')
  await restarts(config, [], () => slack.admin.changePerson(carol, { deleted: true }))
  await until('the card without Carol', () => !names())
})

const twoOfThree = { approvals: 2, approvers: [bob, carol, dave] }

test('the approval of somebody who has left is not counted on the card or Home', async () => {
  const { alice, carol: reader, bob: approver, slack, until, passes } = await startWorld({ config: twoOfThree })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await approver.approves(card)
  await until('one approval', () => alice.readsCard(card).includes('waiting for 1 more approval.'))
  await slack.admin.changePerson(bob, { deleted: true })
  await until('the card to wait for two', () => alice.readsCard(card).includes('waiting for 2 approvals.'))
  expect(alice.readsCard(card)).toContain('(no longer counts: deactivated members may not use Countersign)')
  expect(await reader.opensHome()).toContain('It is waiting for 2 approvals.')
  passes(60)
  await slack.admin.changePerson(bob, { deleted: false })
  await until('it to count again', () => alice.readsCard(card).includes('waiting for 1 more approval.'))
  expect(await reader.opensHome()).toContain('It is waiting for 1 more approval.')
})

test('once everybody in the rule has left, the card and Home say that nobody can approve', async () => {
  const { alice, slack, until, passes } = await startWorld({ transport: 'http' })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  for (const person of [bob, carol]) await slack.admin.changePerson(person, { deleted: true })
  passes(60)
  await until('the card', () => alice.readsCard(card).includes('○ needs 1 approval, which nobody can give'))
  const tooFew =
    'Too few people are left who can approve it. It can be approved once there are enough again. To ask again under another policy, cancel it.'
  await alice.presses(card, 'nudge')
  expect((await alice.hears())[0]).toBe(
    'Nobody is left who can approve change #1. Nothing was sent: cancel it, or ask whoever runs Countersign to look at the approvers of this rule: approvers.',
  )
  expect(alice.readsCard(card)).toContain(tooFew)
  expect(await alice.opensHome()).toContain(`It is waiting for 1 approval. ${tooFew}`)
})

const twoOfGroup = { policy: { rules: [{ name: 'owners', approvers: ['S0OWNERS'], quorum: 2 }] } }
const tooFewOfGroup = [
  'Rule: owners\n○ @U0CAROL: needs 2 approvals, though only one person can give one',
  'Too few people are left who can approve it. It can be approved once there are enough again. To ask again under another policy, cancel it.',
]

test.each([
  { how: 'leaves it', goes: ({ slack }: World) => slack.admin.changeUserGroup('S0OWNERS', { users: [carol] }) },
  { how: 'is deactivated', goes: ({ slack }: World) => slack.admin.changePerson(bob, { deleted: true }) },
])('when somebody of a group $how and too few are left, the card, `/token 1` and Home say so', async (one) => {
  const world = await startWorld({ transport: 'http', config: twoOfGroup })
  const { alice, carol: approver, until, slack } = world
  await slack.admin.changeUserGroup('S0OWNERS', { users: [bob, carol] })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  expect(alice.readsCard(card)).toContain('○ @S0OWNERS: needs 2 approvals')
  await one.goes(world)
  await until('the card to say so', () => tooFewOfGroup.every((words) => alice.readsCard(card).includes(words)))
  await alice.says('/token 1')
  const answer = (await alice.hears()).at(-1)
  for (const words of tooFewOfGroup) expect(answer).toContain(words)
  for (const person of [alice, approver])
    expect(await person.opensHome()).toContain(`It is waiting for 2 approvals. ${tooFewOfGroup[1]}`)
})

test('the approval of somebody who has left the group is shown as no longer counting, until they are back', async () => {
  const { alice, bob: approver, slack, until, passes } = await startWorld({ transport: 'http', config: twoOfGroup })
  await slack.admin.changeUserGroup('S0OWNERS', { users: [bob, carol, dave] })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await approver.approves(card)
  await until('one approval', () => alice.readsCard(card).includes('waiting for 1 more approval.'))
  await slack.admin.changeUserGroup('S0OWNERS', { users: [carol, dave] })
  await until('the card to wait for two', () => alice.readsCard(card).includes('waiting for 2 approvals.'))
  expect(alice.readsCard(card)).toContain('(no longer counts: only the people its rule names may decide on it)')
  expect(alice.readsCard(card)).not.toContain('Too few')
  passes(60)
  await slack.admin.changeUserGroup('S0OWNERS', { users: [bob, carol, dave] })
  await until('it to count again', () => alice.readsCard(card).includes('waiting for 1 more approval.'))
})

test('a group that is disabled leaves nobody who can approve, and the card says so even if Slack never reported it', async () => {
  const { alice, slack, until, passes } = await startWorld({ transport: 'http', config: twoOfGroup })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  slack.deliverTo('http://127.0.0.1:9/')
  await slack.admin.changeUserGroup('S0OWNERS', { isDisabled: true })
  passes(300)
  await until('the card', () => alice.readsCard(card).includes('○ needs 2 approvals, which nobody can give'))
  expect(alice.readsCard(card)).toContain(tooFewOfGroup[1])
})

test('the preview names nobody who has left, whether or not there are still enough', async () => {
  const { alice, slack } = await startWorld({ transport: 'http', config: twoOfThree })
  await slack.admin.changePerson(carol, { deleted: true })
  await alice.checks('ci-deploy', { name: 'ci' })
  expect(alice.reads()).toContain('Rule: approvers\n○ @U0BOB, @U0DAVE: needs 2 approvals')
  expect(alice.reads()).not.toContain('Too few')
})

test('the preview says who is left in a group that has too few', async () => {
  const { alice, slack } = await startWorld({ transport: 'http', config: twoOfGroup })
  await slack.admin.changeUserGroup('S0OWNERS', { users: [carol] })
  await alice.checks('ci-deploy', { name: 'ci' })
  expect(alice.reads()).toContain('Rule: owners\n○ @U0CAROL: needs 2 approvals, though only one person can give one')
  expect(alice.reads()).toContain('Too few people besides those who ask may approve this')
})
