import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { startApply } from '../../../src/domain/change/applying.ts'
import { type KnownStacks, keyOfStack, noStacks, recognise } from '../../../src/domain/change/known-stacks.ts'
import { allWrittenBy } from '../../../src/domain/change/write.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import {
  type Aside,
  byId,
  calledBy,
  ofKnownStacks,
  recogniseStacks,
  setChangesAside,
  stacksAtStart,
} from '../../../src/workflow/looks/known-stacks.ts'
import { proposedAt as at } from '../../support/changes.ts'
import { createOutside, startCore, typesOf } from '../../support/core.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { createStackInMemory } from '../../support/stack.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { alice, bob, proposal, settings } from '../../support/world.ts'

const entry = (name: string, apiKey: string) => ({ name, apiKey })
const website = recognise(noStacks, [entry('website', 'k1')])

/** A process that was started with these stacks, as the log knows them. */
function started(known: KnownStacks, outside = createOutside()) {
  const guarded = { ...outside, guard: (store: ReturnType<typeof openStore>) => ofKnownStacks(store, known) }
  const core = startCore(guarded)
  const whole = openStore(outside.path, outside.clock.now)
  onTestFinished(whole.close)
  const asides: Aside[] = []
  const setAside = () =>
    setChangesAside({ store: whole, known, now: outside.clock.now, onAside: (aside) => asides.push(aside) })
  return { outside, core, whole, asides, setAside }
}

async function noted(configurations: ReturnType<typeof entry>[][], store = openStore(emptyDatabase())) {
  onTestFinished(store.close)
  for (const configured of configurations) await store.noteAll((await stacksAtStart(store, configured)).news, 'app')
  const facts = (await store.events()).map(({ event }) => event)
  return { store, facts }
}

describe('the log has which stacks there are', () => {
  test('from the first start, and again when they or their names change', async () => {
    const { facts } = await noted([
      [entry('website', 'k1')],
      [entry('website', 'k1')],
      [entry('site', 'k1')],
      [entry('shop', 'k2')],
      [entry('shop', 'k2'), entry('site', 'k1')],
    ])
    expect(facts).toMatchObject([
      { type: 'stacks_known', stacks: [{ id: 'website', name: 'website', key: keyOfStack('k1') }], former: [] },
      { type: 'stacks_known', stacks: [{ id: 'website', name: 'site' }], former: [] },
      { type: 'stacks_known', stacks: [{ id: 'shop' }], former: [{ id: 'website', name: 'site' }] },
      { type: 'stacks_known', stacks: [{ id: 'shop' }, { id: 'website', name: 'site' }], former: [] },
    ])
  })

  test('after an update, a stack is recognised by the settings in the log; else its name is trusted', async () => {
    const store = openStore(emptyDatabase())
    const kept = { stacks: [{ name: 'website', apiKey: 'k1' }] }
    await store.note({ type: 'settings_changed', digest: 'd', settings: kept }, 'app', null)
    expect(await recogniseStacks(store, [entry('site', 'k1'), entry('website', 'k2')])).toMatchObject({
      stacks: [
        { id: 'website', name: 'site' },
        { id: 'website~2', name: 'website' },
      ],
    })
    store.close()
    const { store: bare } = await noted([])
    expect(await recogniseStacks(bare, [entry('website', 'k9')])).toMatchObject({ stacks: [{ id: 'website' }] })
  })
})

test('each stack is asked under its id, whatever it is called', async () => {
  const known = recognise(website, [entry('site', 'k1')])
  expect([...byId(known, [entry('site', 'k1')]).keys()]).toEqual(['website'])
  const api = calledBy('website', createStackInMemory('site').api)
  expect((await api.tokens()).map(({ stack }) => stack)).toEqual(['website', 'website', 'website'])
  expect((await api.token('t1')).stack).toBe('website')
})

describe('a change remembers the stack that it was asked for on', () => {
  test('in its first event and under its seal', async () => {
    const { core } = started(website)
    const id = await core.proposed()
    expect((await core.store.get(id)).change).toMatchObject({ stack: 'website', stackKey: keyOfStack('k1') })
  })

  test('and none is asked for on a stack that is not configured', async () => {
    const { core } = started(recognise(website, [entry('shop', 'k2')]))
    await expect(core.proposed()).rejects.toThrow('This stack is no longer configured')
    expect(await typesOf(core)).toEqual(['refused'])
  })

  test("so an approved one is not written to another, even if the log's entry about the stacks was tampered with", async () => {
    const { core, outside } = started(website)
    const id = await core.approved()
    const forged = started(recognise(noStacks, [entry('website', 'k2')]), outside)
    await forged.core.catchUp.all()
    expect((await forged.core.store.get(id)).change).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('it was asked for on another stack that was called "website" before'),
    })
    expect(outside.stack.writes()).toBe(0)
  })

  test("and one from before that was kept is not either, since the log's entry about the stacks is later", async () => {
    const { core, outside, whole } = started(website)
    const { id } = await whole.open({ type: 'proposed', at, ...proposal() }, alice, 'of-old')
    await whole.noteAll((await stacksAtStart(whole, [entry('website', 'k1')])).news, 'app')
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    const raw = rawConnection(outside.path)
    const elsewhere = JSON.stringify(recognise(noStacks, [entry('website', 'k2')]))
    const rewrite = raw.prepare(`update audit_events set body = ? where type = 'stacks_known'`)
    pastTheTriggers(raw, () => rewrite.run(elsewhere))
    const routed = started(await recogniseStacks(whole, [entry('website', 'k2')]), outside)
    await routed.core.catchUp.all()
    expect((await whole.get(id)).change).toMatchObject({ status: 'failed', why: expect.stringContaining('entry #2') })
    expect(outside.stack.writes()).toBe(0)
  })
})

describe('when its stack is taken out of the configuration', () => {
  const shop = recognise(website, [entry('shop', 'k2')])

  test('a change is set aside, once, with its tokens reported by name, and taken up when it is back', async () => {
    const { core, outside, whole } = started(website)
    const id = await core.proposed()
    const ended = await core.proposed({ tokenUid: 't2' })
    await core.changes.cancel(ended, alice)
    await whole.rememberTokens('website', [{ stack: 'website', uid: 't1', settings: settings() }], outside.clock.iso())

    const without = started(shop, outside)
    await without.setAside()
    await without.setAside()
    const told = { stack: 'website', changes: [id], tokens: 1 }
    expect(without.asides).toEqual([told, told])
    expect(await without.core.store.knownTokens()).toEqual([])
    expect(await typesOf(core, id)).toEqual(['proposed', 'set_aside'])
    await expect(without.core.changes.approve({ id, by: bob, revision: 1 }, '')).rejects.toThrow('is set aside')

    const back = started(recognise(shop, [entry('site', 'k1')]), outside)
    await back.setAside()
    expect(back.asides).toEqual([])
    expect(await back.core.store.knownTokens()).toMatchObject([{ stack: 'website', stackName: 'site' }])
    expect(await typesOf(core, id)).toEqual(['proposed', 'set_aside', 'refused', 'set_aside'])
    await back.core.changes.approve({ id, by: bob, revision: 1 }, '')
    await back.core.catchUp.all()
    expect((await whole.get(id)).change.status).toBe('applied')
    const { intact } = await verifyDatabase(outside.path, { current: null, earlier: [] }, null)
    expect(intact.holds).toBe(true)
  })

  test('one that was approved, or was being applied, waits without a try, a reminder or an error', async () => {
    const { core, outside, whole } = started(website)
    const [approved, applying] = [await core.approved('t1'), await core.approved('t2')]
    outside.stack.onWrite = () => Promise.reject(new Error('the process is gone'))
    await core.applier.apply(applying).catch(() => {})
    expect((await whole.get(applying)).change.status).toBe('applying')
    const { core: without, setAside } = started(shop, outside)
    await setAside()
    outside.clock.pass(3600)
    const calls = outside.stack.calls.length
    await without.catchUp.all()
    expect((await whole.get(approved)).change.status).toBe('approved')
    expect((await whole.get(applying)).change.status).toBe('applying')
    expect([outside.stack.calls.length, without.failures, outside.chat.cards]).toEqual([calls, [], []])
  })
})

test('one that was being applied when its stack left can be cancelled, and says so when its update is seen to have arrived', async () => {
  const elsewhere = recognise(website, [entry('shop', 'k2')])
  const { outside, core, whole, setAside } = started(elsewhere)
  const { change } = await whole.get(await startCore(outside).approved())
  const lease = { holder: 'first', until: outside.clock.iso(), arrival: '2026-06-01T09:15:00.000Z' }
  const electorate = await core.electorates.forChange(change)
  await whole.record(1, 'app', (stored) => startApply(stored, electorate, lease, at))
  await setAside()
  await core.changes.cancel(1, alice)
  const cancelled = (await whole.get(1)).change
  expect([cancelled.status, allWrittenBy(cancelled).at(-1)]).toMatchObject([
    'cancelled',
    { kind: 'perhaps', left: false },
  ])
  const look = { stack: 'website', uid: 't1', settings: cancelled.after }
  await startCore(outside).watch.seen([look], outside.clock.iso())
  expect((await typesOf(core, 1)).slice(-3)).toEqual(['set_aside', 'cancelled', 'write_arrived'])
  expect((await verifyDatabase(outside.path, { current: null, earlier: [] }, null)).intact.holds).toBe(true)
})
