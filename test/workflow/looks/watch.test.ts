import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/domain/token/token.ts'
import { createLooks } from '../../../src/workflow/looks/looks.ts'
import { createCountingWorld, createWorld, typesOf } from '../../support/core.ts'
import { alice, bob, carol, policyOfTwo, settings } from '../../support/world.ts'

const token = (settings: Settings, uid = 't1', stack = 'website') => ({ stack, uid, settings })
const byHand = settings({ description: 'by hand' })

describe('a token that is seen to have moved under a waiting change', () => {
  test('stops the change at once, shows what is there, and the requester is told', async () => {
    const { chat, clock, core, outside, proposed } = createWorld()
    outside.policy = policyOfTwo
    const id = await proposed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    await core.catchUp.all()
    await core.watch.seen([token(byHand)], clock.iso())
    await core.catchUp.idle()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'drifted', live: byHand })
    expect(chat.cards[0]!.shows.change.status).toBe('drifted')
    expect(chat.told).toEqual(['#1 pending', '#1 drifted'])
    await expect(core.changes.approve({ id, by: carol, revision: 1 }, '')).rejects.toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('is stopped, because the token was changed elsewhere'),
    })
    expect(await core.changes.rebase({ id, by: alice, revision: 1 })).toMatchObject({ revision: 2, voided: [bob] })
  })

  test('is noted once, however often it is seen', async () => {
    const { clock, core, proposed } = createWorld()
    await proposed()
    for (let i = 0; i < 3; i++) await core.watch.seen([token(byHand)], clock.iso())
    expect(await typesOf(core)).toEqual(['proposed', 'drift_found'])
  })

  test('stops the other changes of the same token when one of them is applied', async () => {
    const { core } = createWorld()
    const other = settings({ description: 'asked by another' })
    const second = await core.changes.propose(
      {
        ...{ stack: 'website', tokenUid: 't1', requester: alice, before: settings(), after: other },
        reason: 'Because',
      },
      'view-2',
    )
    const first = await core.approved()
    await core.catchUp.all()
    await core.catchUp.idle()
    expect((await core.store.get(first)).change.status).toBe('applied')
    expect((await core.store.get(second.id)).change).toMatchObject({
      status: 'drifted',
      live: settings({ name: 'ci-deploy-2' }),
    })
  })
})

describe('a look without news', () => {
  test.each<[string, Parameters<ReturnType<typeof createWorld>['core']['watch']['seen']>[0]]>([
    ['of the token as it was', [token(settings())]],
    ['of the same by meaning', [token(settings({ branches: ['development', 'main'] }))]],
    ['of another token', [token(byHand, 't2')]],
    ['of a token of the same uid on another stack', [token(byHand, 't1', 'shop')]],
    ['of nothing', []],
  ])('%s stops nothing', async (_, seen) => {
    const { clock, core, proposed } = createWorld()
    await proposed()
    await core.watch.seen(seen, clock.iso())
    expect(await typesOf(core)).toEqual(['proposed'])
  })

  test('stops nothing that is approved: applying looks for itself', async () => {
    const { clock, core } = createWorld()
    const id = await core.approved()
    await core.watch.seen([token(byHand)], clock.iso())
    expect((await core.store.get(id)).change.status).toBe('approved')
  })

  test('stops nothing that has ended', async () => {
    const { clock, core, proposed } = createWorld()
    const id = await proposed()
    await core.changes.cancel(id, alice)
    await core.watch.seen([token(byHand)], clock.iso())
    expect((await core.store.get(id)).change.status).toBe('cancelled')
  })
})

describe('a look that comes back late', () => {
  test('stops nothing if it began before the change was asked for, and stops it if it began then', async () => {
    const { clock, core, proposed } = createWorld()
    const before = clock.iso()
    clock.pass(1)
    await proposed()
    await core.watch.seen([token(byHand)], before)
    expect(await typesOf(core)).toEqual(['proposed'])
    await core.watch.seen([token(byHand)], clock.iso())
    expect(await typesOf(core)).toEqual(['proposed', 'drift_found'])
  })

  test.each(['amended', 'rebased'])('stops nothing when it began before the change was %s', async (how) => {
    const { clock, core, proposed } = createWorld()
    const id = await proposed()
    clock.pass(1)
    if (how === 'rebased') await core.watch.seen([token(byHand)], clock.iso())
    const began = clock.iso()
    clock.pass(1)
    const press = { id, by: alice, revision: 1 }
    if (how === 'rebased') await core.changes.rebase(press)
    else await core.changes.amend(press, { after: settings({ name: 'ci-3' }), reason: 'Because' })
    await core.watch.seen([token(settings({ description: 'older still' }))], began)
    expect((await core.store.get(id)).change).toMatchObject({ status: 'pending', revision: 2, revisedAt: clock.iso() })
  })

  test('is dated by its beginning, whoever looks', async () => {
    const { clock, core, proposed, outside, stack } = createWorld()
    const { store } = core
    const looks = createLooks({
      store,
      stacks: new Map([['website', stack.api]]),
      now: clock.now,
      monotonic: clock.monotonic,
      onLook: core.watch.seen,
    })
    const asked = Promise.withResolvers<void>()
    stack.onLook = () => asked.promise
    outside.stack.live.set('t1', byHand)
    const late = [looks.token('website', 't1'), looks.refreshAll()]
    clock.pass(1)
    const id = await proposed()
    await store.rememberToken(token(settings()), clock.iso())
    asked.resolve()
    await Promise.all(late)
    expect((await store.get(id)).change.status).toBe('pending')
    expect((await store.knownTokens())[0]).toEqual(token(settings()))
  })
})

test('looking is needed while a change waits for approval, and not otherwise', async () => {
  const { clock, core, proposed } = createWorld()
  expect(await core.watch.isNeeded()).toBe(false)
  const id = await proposed()
  expect(await core.watch.isNeeded()).toBe(true)
  await core.watch.seen([token(byHand)], clock.iso())
  expect(await core.watch.isNeeded()).toBe(false)
  await core.changes.rebase({ id, by: alice, revision: 1 })
  expect(await core.watch.isNeeded()).toBe(true)
  await core.changes.cancel(id, alice)
  expect(await core.watch.isNeeded()).toBe(false)
})

test('open changes are read once for a look, however many tokens it found', async () => {
  const { core, clock, proposed, asked } = createCountingWorld()
  const id = await proposed()
  const seen = [token(byHand), ...Array.from({ length: 300 }, (_, i) => token(settings(), `u${i}`))]
  asked.length = 0
  await core.watch.seen(seen, clock.iso())
  expect(asked.filter((method) => /^(openChanges|get|changes)/.test(method))).toEqual(['openChangesBefore'])
  expect((await core.store.get(id)).change.status).toBe('drifted')
})

test('for a look at one token, the open changes of that token are read, and no others', async () => {
  const { core, clock, proposed, asked } = createCountingWorld()
  const id = await proposed()
  asked.length = 0
  await core.watch.seen([token(byHand)], clock.iso())
  expect(asked.filter((method) => /^(openChanges|get|changes)/.test(method))).toEqual(['openChanges'])
  expect((await core.store.get(id)).change.status).toBe('drifted')
})
