import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { noteStart } from '../../../src/workflow/log/start.ts'
import { emptyDatabase } from '../../support/file.ts'
import { ask, bob, carol, policy, policyOf } from '../../support/world.ts'

const version = '1.2.3'

function world() {
  const store = openStore(emptyDatabase())
  onTestFinished(store.close)
  const start = (settings: Record<string, unknown>, of = policy) =>
    noteStart({ store, version, policies: new Map([['website', of]]), settings })
  const facts = async () => (await store.events()).map(({ actor, changeId, event }) => ({ ...event, actor, changeId }))
  const types = async () => (await store.events()).map(({ event }) => event.type)
  return { store, start, facts, types }
}

const byTheApp = { actor: 'app', changeId: null }
const hex = expect.stringMatching(/^[0-9a-f]{64}$/)

test('a start is logged with the policy of each stack and, the first time, with the settings', async () => {
  const { start, facts } = world()
  await start({ version, timing: { sweep: 5 } })
  expect(await facts()).toEqual([
    { type: 'started', version, oneWayKeys: true, ...byTheApp },
    { type: 'policy_loaded', stack: 'website', digest: hex, rules: ['approvers'], ...byTheApp },
    { type: 'settings_changed', digest: hex, settings: { version, timing: { sweep: 5 } }, ...byTheApp },
  ])
})

test('settings are logged again if they differ from those of the start before, and only then', async () => {
  const { start, types } = world()
  const settled = { a: 1, b: { c: 2, d: 3 } }
  await start(settled)
  await start({ b: { d: 3, c: 2 }, a: 1 })
  expect(await types()).toEqual(['started', 'policy_loaded', 'settings_changed', 'started', 'policy_loaded'])
  await start({ ...settled, a: 2 })
  expect((await types()).slice(5)).toEqual(['started', 'policy_loaded', 'settings_changed'])
  await start(settled)
  expect((await types()).slice(8)).toEqual(['started', 'policy_loaded', 'settings_changed'])
})

test('the digest of a policy is the same however it is written down', async () => {
  const { store, start } = world()
  const digest = async () => (await store.lastFact('policy_loaded'))?.digest
  await start({})
  const first = await digest()
  await start({}, Object.fromEntries(Object.entries(policy).reverse()) as typeof policy)
  expect(await digest()).toBe(first)
  await start({}, policyOf([ask([bob, carol], 2)]))
  expect(await digest()).not.toBe(first)
})

test('the newest fact of a type is found after all others, and null if there is none', async () => {
  const { store } = world()
  expect(await store.lastFact('started')).toBeNull()
  await store.note({ type: 'started', version: '1' }, 'app', null)
  await store.note({ type: 'started', version: '2' }, 'app', null)
  await store.note({ type: 'stopped' }, 'app', null)
  expect(await store.lastFact('started')).toEqual({ type: 'started', version: '2' })
})

test('of several facts, all are kept or none', async () => {
  const { store, types } = world()
  const unwritable = { type: 'started', version: 1n as unknown as string } as const
  await expect(store.noteAll([{ type: 'stopped' }, unwritable], 'app')).rejects.toThrow()
  expect(await types()).toEqual([])
  await store.noteAll([{ type: 'started', version: '1' }, { type: 'stopped' }], 'app')
  expect(await types()).toEqual(['started', 'stopped'])
})
