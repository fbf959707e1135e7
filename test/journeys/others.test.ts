import { expect, test } from 'vitest'
import { startCutting } from '../support/cut-postgres.ts'
import { startWorld, type World } from '../support/journey.ts'
import { approvals } from '../support/person.ts'
import { freePort } from '../support/port.ts'
import { postgresWithTables } from '../support/postgres.ts'
import { bob, carol, owners } from '../support/world.ts'

/** Two apps on one PostgreSQL: Slack sends everything to the one that it is told to. The second may be cut off from the server. */
async function twoApps(config: Readonly<Record<string, unknown>> = {}) {
  const direct = await postgresWithTables()
  const cutting = await startCutting(direct)
  const world = await startWorld({ transport: 'http', config, database: { app: direct, direct } })
  const ports = [world.env.PORT!, String(await freePort())]
  await world.joined({ PORT: ports[1]!, COUNTERSIGN_DB: cutting.url, HEALTH_PORT: String(await freePort()) })
  const sendsTo = (app: 'first' | 'second') =>
    world.slack.deliverTo(`http://127.0.0.1:${ports[app === 'first' ? 0 : 1]}/slack/events`)
  return { ...world, cutting, sendsTo }
}

/** Types an edit as Alice, and resolves to all that she reads then: its preview, or a private answer. */
async function asks({ alice, slack }: Pick<World, 'alice' | 'slack'>): Promise<string> {
  const [before, told] = [alice.modal()?.id, alice.toldPrivately().length]
  await alice.says('/token rename ci-deploy to ci because the pipeline moved')
  return slack.waitFor(() => {
    const said = alice.modal()?.id === before ? alice.toldPrivately()[told] : alice.reads()
    return !said?.startsWith('Looking at the token') && said
  }, 'a preview or an answer')
}

const refused = 'deactivated members may not use Countersign'

test('somebody who was deactivated counts for no instance any more, although Slack told only one of them', async () => {
  const { alice, bob: he, slack, stack, audit, until, sendsTo } = await twoApps()
  const card = await alice.asksFor('ci-deploy', { 'module.entry': 'read' })
  sendsTo('second')
  expect(await he.opensHome()).toContain('ci-deploy')
  sendsTo('first')
  await slack.admin.changePerson(bob, { deleted: true })
  sendsTo('second')
  await until('the second to hear of it', async () => (await he.opensHome()).includes(refused))
  await he.approves(card)
  await until('the refusal to be written', async () => (await audit()).includes('U0BOB refused'))
  expect(await audit(1)).toEqual(['U0ALICE proposed'])
  expect(stack.takenUpdates()).toBe(0)
})

const oneLeft = 'needs 2 approvals, though only one person can give one'

test('somebody who left a group is asked by no instance any more', async () => {
  const world = await twoApps({ policy: { rules: [{ name: 'owners', approvers: owners, quorum: 2 }] } })
  const { slack, until, sendsTo } = world
  sendsTo('second')
  expect(await asks(world)).not.toContain(oneLeft)
  sendsTo('first')
  await slack.admin.changeUserGroup(owners, { users: [carol] })
  sendsTo('second')
  await until('the second to hear of it', async () => (await asks(world)).includes(oneLeft))
})

test('once a channel is shared with another company, no instance takes anything that would be shown there', async () => {
  const world = await twoApps()
  const { slack, until, sendsTo } = world
  sendsTo('second')
  expect(await asks(world)).not.toContain('shared')
  sendsTo('first')
  await slack.admin.changeChannel(approvals, { isExtShared: true })
  sendsTo('second')
  await until('the second to hear of it', async () =>
    (await asks(world)).includes('is shared with another organisation'),
  )
})

test('an instance that could not listen relies on nothing that it knew before', async () => {
  const { bob: he, slack, until, sendsTo, cutting } = await twoApps()
  sendsTo('second')
  await he.opensHome()
  cutting.fate = (sent) => (sent.includes('listen countersign') ? 'cut before' : 'pass')
  cutting.cutAll()
  sendsTo('first')
  await slack.admin.changePerson(bob, { deleted: true })
  sendsTo('second')
  expect(await he.opensHome()).not.toContain(refused)
  cutting.release()
  await until('the second to ask again', async () => (await he.opensHome()).includes(refused))
})

test('what one instance does is on the Home that somebody has opened through another', async () => {
  const { alice, bob: he, until, sendsTo } = await twoApps()
  sendsTo('second')
  expect(await he.opensHome()).not.toContain('ci-deploy-2')
  sendsTo('first')
  await alice.asksFor('ci-deploy', { name: 'ci-deploy-2' })
  await until('the Home to show it', () => he.readsHome().includes('ci-deploy-2'))
})

test('the connections to Slack of three instances on one database are those that each of them expects', async () => {
  const direct = await postgresWithTables()
  const world = await startWorld({ transport: 'socket', database: { app: direct, direct } })
  for (let beside = 0; beside < 2; beside += 1) await world.joined({ HEALTH_PORT: String(await freePort()) })
  await world.until('the third connection', () =>
    world.logs.some((line) => line.includes('Slack counts 3 for this app')),
  )
  expect(await world.bob.opensHome()).toContain('Nothing is waiting for you')
  const warned = world.logs.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)
  expect(warned.map(({ msg }) => msg).filter((text) => text.includes('Slack'))).toEqual([])
})
