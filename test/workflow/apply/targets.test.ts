import { describe, expect, test } from 'vitest'
import { sealOf } from '../../../src/domain/change/seal.ts'
import { createWorld, typesOf } from '../../support/core.ts'
import { losesTheWrite } from '../../support/stack.ts'
import { alice, ask, bob, carol, edit, facts, policyOf, policyOfTwo, settings } from '../../support/world.ts'

const pointsTo = (live: string) => facts({ aliasTargets: { live, preview: 'development' } })
const bare = settings({ aliases: [] })
const addsLive = edit({ before: bare, after: settings({ aliases: ['live'] }) })

/** Aliases for an app that has looked at the whole stack. */
async function worldWhere(live: string) {
  const world = createWorld()
  world.stack.live.set('t1', bare)
  await point(world, live)
  world.stack.calls.length = 0
  return world
}

async function point({ core, stack }: ReturnType<typeof createWorld>, live: string) {
  stack.facts = pointsTo(live)
  const failures = await core.looks.refreshAll()
  expect(failures).toEqual([])
}

const proposal = async ({ core }: ReturnType<typeof createWorld>, asked = addsLive) =>
  (await core.changes.propose({ ...asked, reason: 'The site needs it' }, 'view-1')).id

/** A change approved that many seconds ago, when the aliases were last looked at. */
async function approvedSince(seconds: number) {
  const world = await worldWhere('main')
  const id = await proposal(world)
  await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
  world.clock.pass(seconds)
  return { world, id }
}

/** A change that removes its alias from the token, approved a minute ago. */
async function approvedRemoval() {
  const world = await worldWhere('main')
  world.stack.live.set('t1', settings())
  await point(world, 'main')
  const id = await proposal(world, edit({ before: settings(), after: bare }))
  await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
  world.clock.pass(61)
  return { world, id }
}

describe('the branch that an alias points to', () => {
  test('is part of the request, and of what an approval is bound to', async () => {
    const [one, other] = [await worldWhere('main'), await worldWhere('release')]
    const [first, second] = [
      await one.core.store.get(await proposal(one)),
      await other.core.store.get(await proposal(other)),
    ]
    expect(first.change.before.aliasTargets).toEqual({ live: 'main' })
    expect(first.change.after.aliasTargets).toEqual({ live: 'main' })
    expect(sealOf(first.change)).not.toBe(sealOf(second.change))
  })

  test('is checked against the policy: somebody who may not ask for a branch may not ask for an alias of it', async () => {
    const world = await worldWhere('main')
    const refuse = { kind: 'refuse' as const, because: 'main is for the release team' }
    world.outside.policy = policyOf([{ name: 'main', when: { touches: ['main'] }, outcome: refuse }, ask([bob])])
    const branch = edit({ before: settings({ branches: ['development'] }), after: settings() })
    await expect(world.core.changes.mayPropose(branch)).rejects.toThrow(/main is for the release team/)
    await expect(world.core.changes.mayPropose(addsLive)).rejects.toThrow(/main is for the release team/)
    await expect(proposal(world)).rejects.toThrow(/main is for the release team/)
    await point(world, 'release')
    expect((await world.core.store.get(await proposal(world))).change.status).toBe('pending')
  })

  test('is asked for again when the change is edited', async () => {
    const world = await worldWhere('main')
    const id = await proposal(world)
    const both = settings({ aliases: ['live', 'preview'] })
    const amended = await world.core.changes.amend({ id, by: alice, revision: 1 }, { after: both, reason: 'Both' })
    expect(amended.after.aliasTargets).toEqual({ live: 'main', preview: 'development' })
    expect(amended.before.aliasTargets).toEqual({ live: 'main', preview: 'development' })
  })
})

describe('an alias that now points elsewhere', () => {
  test('stops a waiting change, once it is seen, and a rebase asks for the alias as it is now', async () => {
    const world = await worldWhere('main')
    world.outside.policy = policyOfTwo
    const id = await proposal(world)
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    await point(world, 'release')
    expect((await world.core.store.get(id)).change).toMatchObject({
      status: 'drifted',
      live: { aliasTargets: { live: 'release' } },
    })
    await expect(world.core.changes.approve({ id, by: carol, revision: 1 }, '')).rejects.toThrow(
      /is stopped, because a branch alias points to another branch now/,
    )
    const again = await world.core.changes.rebase({ id, by: alice, revision: 1 })
    expect(again).toMatchObject({ status: 'pending', revision: 2, voided: [bob] })
    expect(again.after.aliasTargets).toEqual({ live: 'release' })
    for (const by of [bob, carol]) await world.core.changes.approve({ id, by, revision: 2 }, '')
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })

  test('stops a change of a token that names it, whatever the change is about', async () => {
    const world = await worldWhere('main')
    world.stack.live.set('t1', settings())
    const id = await proposal(world, edit())
    await point(world, 'release')
    expect((await world.core.store.get(id)).change.status).toBe('drifted')
  })

  test('stops no change that does not name it', async () => {
    const world = await worldWhere('main')
    const id = await proposal(world, edit({ before: bare, after: { ...bare, name: 'ci-release' } }))
    await point(world, 'release')
    expect((await world.core.store.get(id)).change.status).toBe('pending')
  })

  test('is found before anything is written, though the change was approved while nobody looked', async () => {
    const { world, id } = await approvedSince(61)
    world.stack.facts = pointsTo('release')
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('drifted')
    expect(world.stack.writes()).toBe(0)
  })

  test('is not an edit made elsewhere of a token that names it', async () => {
    const world = await worldWhere('main')
    world.stack.live.set('t1', settings())
    await point(world, 'main')
    const before = (await typesOf(world.core)).length
    await point(world, 'release')
    expect((await typesOf(world.core)).length).toBe(before)
  })
})

describe('an approved change', () => {
  test('is two looks and one update if its aliases were looked up within the last minute', async () => {
    const { world, id } = await approvedSince(59)
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
    expect(world.stack.calls).toEqual(['look t1', 'write t1', 'look t1'])
  })

  test('is looked up first if that was longer ago', async () => {
    const { world, id } = await approvedSince(61)
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
    expect(world.stack.calls).toEqual(['facts', 'look t1', 'write t1', 'look t1'])
  })

  test('has to wait if that cannot be looked up, and nothing is written', async () => {
    const { world, id } = await approvedSince(61)
    const { facts } = world.stack.api
    Object.assign(world.stack.api, { facts: () => Promise.reject(new Error('The stack is down.')) })
    await world.core.catchUp.all()
    const { change } = await world.core.store.get(id)
    expect(change).toMatchObject({ status: 'approved', interruption: { why: expect.stringContaining('aliases') } })
    expect(world.stack.writes()).toBe(0)
    Object.assign(world.stack.api, { facts })
    world.clock.pass(10)
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })

  test('has to wait while the stack refuses to list aliases, though their old targets are known', async () => {
    const { world, id } = await approvedSince(61)
    const listed = world.stack.facts
    world.stack.facts = facts({ aliases: [], aliasTargets: {}, unlisted: { aliases: 'no such plan' } })
    await world.core.catchUp.all()
    const { change } = await world.core.store.get(id)
    expect(change).toMatchObject({ status: 'approved', interruption: { why: expect.stringContaining('no such plan') } })
    expect((await world.core.store.knownFacts('website'))?.aliasTargets).toEqual(listed.aliasTargets)
    expect(world.stack.writes()).toBe(0)
  })

  test("has to wait while its alias may be an unreadable one in the stack's list", async () => {
    const { world, id } = await approvedSince(61)
    const unread = { aliases: { count: 1, why: 'alias: is empty' } }
    world.stack.facts = facts({ aliases: ['preview'], aliasTargets: { preview: 'main' }, unread })
    await world.core.catchUp.all()
    const why = expect.stringMatching(/lists an alias that can't be read \(alias: is empty\), and live may be that one/)
    expect((await world.core.store.get(id)).change).toMatchObject({ status: 'approved', interruption: { why } })
    const known = (await world.core.store.knownFacts('website'))?.aliasTargets
    expect([known, world.stack.writes()]).toEqual([{ live: 'main', preview: 'main' }, 0])
    world.stack.facts = facts({ aliases: ['live'], aliasTargets: { live: 'main' }, unread })
    world.clock.pass(61)
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })

  test('has to wait just as long if it removes such an alias', async () => {
    const { world, id } = await approvedRemoval()
    const unread = { aliases: { count: 1, why: 'alias: is empty' } }
    world.stack.facts = facts({ aliases: [], aliasTargets: {}, unread })
    await world.core.catchUp.all()
    expect([(await world.core.store.get(id)).change.status, world.stack.writes()]).toEqual(['approved', 0])
  })

  test('has to wait if the stack no longer has that alias, and nothing is written', async () => {
    const { world, id } = await approvedSince(61)
    world.stack.facts = facts({ aliasTargets: {} })
    await world.core.catchUp.all()
    const why = 'the stack no longer says what the alias live points to, which this change would add'
    expect((await world.core.store.get(id)).change).toMatchObject({ status: 'approved', interruption: { why } })
    expect(world.stack.writes()).toBe(0)
    world.stack.facts = pointsTo('release')
    world.clock.pass(61)
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('drifted')
  })

  test('has to wait just as long if the token itself has the alias, whatever the change is about', async () => {
    const world = await worldWhere('main')
    world.stack.live.set('t1', settings())
    const id = await proposal(world, edit())
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    world.clock.pass(61)
    world.stack.facts = facts({ aliases: [], aliasTargets: {} })
    await world.core.catchUp.all()
    const why = 'the stack no longer says what the alias live points to, which the token has'
    expect((await world.core.store.get(id)).change).toMatchObject({ status: 'approved', interruption: { why } })
    expect(world.stack.writes()).toBe(0)
    world.stack.facts = pointsTo('main')
    world.clock.pass(61)
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })

  test('removes an alias that the stack no longer has', async () => {
    const { world, id } = await approvedRemoval()
    world.stack.facts = facts({ aliases: [], aliasTargets: {} })
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })

  test('from an earlier release, which does not say, goes on by the names alone', async () => {
    const world = createWorld()
    world.stack.live.set('t1', bare)
    const id = await proposal(world)
    await point(world, 'release')
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })

  test('is checked against the policy again once it is known what its alias reaches', async () => {
    const world = createWorld()
    world.stack.live.set('t1', bare)
    const id = await proposal(world)
    const dave = ask([carol], 1, { name: 'main', when: { touches: ['main'] } })
    world.outside.policy = policyOf([
      { name: 'release', when: { touches: ['release'] }, outcome: ask([bob]).outcome },
      dave,
    ])
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    world.stack.facts = pointsTo('main')
    world.clock.pass(61)
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change).toMatchObject({ status: 'pending' })
    expect((await typesOf(world.core)).at(-1)).toBe('quorum_lost')
    expect(world.stack.writes()).toBe(0)
    await world.core.changes.approve({ id, by: carol, revision: 1 }, '')
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })

  test('is not written while nobody can look up what its alias reaches', async () => {
    const world = createWorld()
    world.stack.live.set('t1', bare)
    const id = await proposal(world)
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    Object.assign(world.stack.api, { facts: () => Promise.reject(new Error('The stack is down.')) })
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change).toMatchObject({
      status: 'approved',
      interruption: { why: expect.stringContaining('aliases') },
    })
    expect(world.stack.writes()).toBe(0)
  })

  test('has its stack looked at now and then for as long as it waits to be applied', async () => {
    const world = await worldWhere('main')
    expect(await world.core.watch.isNeeded()).toBe(false)
    const id = await proposal(world)
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    expect((await world.core.store.get(id)).change.status).toBe('approved')
    expect(await world.core.watch.isNeeded()).toBe(true)
  })
})

describe('an alias that is pointed elsewhere after the update was sent', () => {
  test('makes the change neither drifted nor failed', async () => {
    const world = await worldWhere('main')
    const id = await proposal(world)
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    world.stack.onWrite = async () => {
      await point(world, 'release')
    }
    await world.core.catchUp.all()
    expect((await world.core.store.get(id)).change.status).toBe('applied')
  })
})

test('a drift found after writing says where aliases point then, and a rebase asks for that', async () => {
  const world = await worldWhere('main')
  const id = await proposal(world)
  await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
  world.stack.behaviours.push(losesTheWrite)
  world.stack.onWrite = async () => {
    world.stack.live.set('t1', settings({ aliases: [], description: 'by hand' }))
    await point(world, 'release')
  }
  await world.core.catchUp.all()
  expect((await world.core.store.get(id)).change).toMatchObject({
    status: 'drifted',
    live: { description: 'by hand', aliasTargets: { live: 'release' } },
  })
  const again = await world.core.changes.rebase({ id, by: alice, revision: 1 })
  expect(again.after.aliasTargets).toEqual({ live: 'release' })
})

describe('a token that is looked at', () => {
  test('says where its aliases point, and is kept without that', async () => {
    const { core, looks } = await worldWhere('main').then((world) => ({ ...world, looks: world.core.looks }))
    const [, other] = await looks.known()
    expect(other?.settings.aliasTargets).toEqual({ live: 'main' })
    expect((await looks.token('website', 't2')).settings.aliasTargets).toEqual({ live: 'main' })
    expect((await core.store.knownTokens()).some(({ settings }) => 'aliasTargets' in settings)).toBe(false)
  })
})
