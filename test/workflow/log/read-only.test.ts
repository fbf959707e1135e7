import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { troubleOf } from '../../../src/storage/sqlite/trouble.ts'
import { guarded } from '../../../src/workflow/log/guarded-store.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'
import { createOutside, leaseSeconds, startCore, typesOf } from '../../support/core.ts'
import { eventually } from '../../support/eventually.ts'
import { type Behaviour, refuses, takes } from '../../support/stack.ts'
import { bob, mallory } from '../../support/world.ts'

afterEach(() => vi.restoreAllMocks())

/** One process whose own connection to the database can be made read-only. */
function world() {
  const outside = createOutside()
  const health = createHealth({ now: outside.clock.now, onChange: () => {} })
  outside.guard = (store) => guarded(store, { health, troubleOf })
  const opening = vi.spyOn(Sqlite.prototype, 'pragma')
  const core = startCore(outside)
  const connection = opening.mock.contexts[0] as unknown as Sqlite.Database
  opening.mockRestore()
  const readOnly = (on: boolean) => void connection.pragma(`query_only = ${on ? 1 : 0}`)
  return { ...outside, outside, core, health, readOnly }
}

test('failing to tidy the database does not mean that it cannot be written', async () => {
  const { core, health } = world()
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  vi.spyOn(Sqlite.prototype, 'pragma').mockImplementation(() => {
    throw full
  })
  await core.store.tidy()
  await expect(core.store.tidy()).rejects.toBe(full)
  expect(health.trouble()).toBeNull()
})

describe('while the log cannot be written', () => {
  test('nothing is asked of the stack for a change that was approved before, and it is applied once afterwards', async () => {
    const { core, clock, stack, health, readOnly } = world()
    const id = await core.approved()
    readOnly(true)
    for (let i = 0; i < 3; i++) {
      await core.catchUp.all()
      clock.pass(120)
    }
    expect(stack.calls).toEqual([])
    expect(health.words()).toContain('the database is not writable')
    expect((await core.store.get(id)).change.status).toBe('approved')

    readOnly(false)
    await core.store.tryToWrite()
    expect(health.words()).toBeNull()
    await core.catchUp.all()
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
    expect((await core.store.get(id)).change.status).toBe('applied')
  })

  test('a look that cannot be kept is not trouble with the stack, and is made up for within a minute of the end', async () => {
    const { core, clock, stack, readOnly } = world()
    const failed = () => core.looks.lastLooks().map(({ failed, trouble }) => [failed, trouble])
    readOnly(true)
    const [failure] = await core.looks.refreshAll()
    expect(failure).toMatchObject({ message: expect.stringContaining('is read-only') })
    expect(failed()).toEqual([[false, null]])
    readOnly(false)
    clock.pass(61)
    await core.looks.retryFailed()
    expect(core.looks.lastLooks()).toMatchObject([{ at: clock.iso(), failed: false }])
    const calls = stack.calls.length
    clock.pass(61)
    await core.looks.retryFailed()
    expect(stack.calls).toHaveLength(calls)
  })

  test('earlier trouble with the stack is still reported as its trouble, in its own words', async () => {
    const { core, stack, readOnly } = world()
    const { onLook } = stack
    stack.onLook = () => Promise.reject(new Outage('the stack is down'))
    await core.looks.refreshAll()
    stack.onLook = onLook
    readOnly(true)
    await core.looks.refreshAll()
    expect(core.looks.lastLooks()).toMatchObject([{ failed: true, trouble: { why: 'the stack is down' } }])
    readOnly(false)
    await core.looks.refreshAll()
    expect(core.looks.lastLooks()).toMatchObject([{ failed: false, trouble: null }])
  })

  test('somebody who may not do something is told that, though it cannot be noted', async () => {
    const { core, readOnly } = world()
    const id = await core.proposed()
    readOnly(true)
    await expect(core.changes.mayApprove({ id, by: mallory, revision: 1 })).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining("You can't approve change #1"),
    })
    readOnly(false)
    expect((await core.store.events(id)).map(({ event }) => event.type)).toEqual(['proposed'])
  })

  test('somebody who may is told that nothing was recorded', async () => {
    const { core, health, readOnly } = world()
    const id = await core.proposed()
    readOnly(true)
    const refused = core.changes.approve({ id, by: bob, revision: 1 }, '')
    await expect(refused).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is read-only'),
    })
    expect(health.words()).not.toBeNull()
    expect((await core.store.get(id)).change.approvals).toEqual([])
  })

  test('a decision that writes nothing does not count as written', async () => {
    const { core, health } = world()
    const id = await core.proposed()
    health.fails('the disk is full')
    await core.store.record(id, 'app', () => null)
    expect(health.words()).not.toBeNull()
    await core.store.record(id, bob, () => ({ type: 'claimed', at: '2026-06-01T09:00:00.000Z', by: bob }))
    expect(health.words()).toBeNull()
  })
})

describe('if the log cannot be written as the answer of the stack comes', () => {
  /** An approved change whose update the stack answers like this, after the log can't be written any more. */
  async function answered(does: Behaviour) {
    const all = world()
    const { core, readOnly, stack } = all
    const id = await core.approved()
    stack.behaviours.push(does)
    stack.onWrite = async () => readOnly(true)
    await core.catchUp.all()
    stack.onWrite = async () => {}
    const answers = async () =>
      (await core.store.events(id)).flatMap(({ event }) => (event.type === 'write_answered' ? [event.answer] : []))
    const change = async () => (await core.store.get(id)).change
    return { ...all, answers, change, id }
  }

  test.each([
    ['taken', takes, 'applied'],
    ['refused', refuses('the name is taken'), 'failed'],
  ])('one that it was %s is noted as soon as it can be, and only then judged', async (kind, does, status) => {
    const { answers, change, clock, core, readOnly, stack } = await answered(does)
    clock.pass(10)
    await core.catchUp.all()
    expect(await change()).toMatchObject({ status: 'applying' })
    readOnly(false)
    await eventually(async () => expect(await answers()).toMatchObject([{ kind }]))
    expect(core.unnoted).toEqual([])
    clock.pass(10)
    await core.catchUp.all()
    expect(await change()).toMatchObject({ status })
    expect(stack.writes()).toBe(1)
  })

  test('a refusal is not forgotten however long that lasts, and nothing is sent again', async () => {
    const { answers, change, clock, core, readOnly, stack } = await answered(refuses('the name is taken'))
    for (let i = 0; i < 3; i++) {
      clock.pass(leaseSeconds)
      await core.catchUp.all()
    }
    readOnly(false)
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect(await answers()).toEqual([{ kind: 'refused', why: 'the name is taken' }])
    expect(await change()).toMatchObject({ status: 'failed', why: 'the name is taken' })
    expect(stack.writes()).toBe(1)
  })

  const timesOut: Behaviour = (_, before) => ({ kept: before, answer: { kind: 'none', why: 'timeout' } })

  test.each([
    ['an answer that it took it', takes, 'applied', ['taken']],
    ['a refusal', refuses('the name is taken'), 'approved', ['refused']],
    ['no answer', timesOut, 'approved', []],
  ])(
    'another process that judges it after the lease says that none is recorded; this one tells, of %s, what is lost',
    async (_, does, status, lost) => {
      const { answers, change, clock, core, outside, readOnly } = await answered(does)
      const second = startCore({ ...outside, guard: (store) => store }, 'second')
      clock.pass(leaseSeconds)
      await second.catchUp.all()
      readOnly(false)
      await core.catchUp.all()
      expect(await core.applier.stop()).toEqual([])
      const why = 'the app stopped before it recorded an answer, or could not record one'
      expect(await answers()).toEqual([{ kind: 'none', why }])
      expect(core.unnoted.map(({ kind }) => kind)).toEqual(lost)
      expect(await change()).toMatchObject({ status })
    },
  )

  test('a process that ends before it could says which answer is lost', async () => {
    const { core, id, readOnly } = await answered(refuses('the name is taken'))
    expect(await core.applier.stop()).toMatchObject([{ id, answer: { kind: 'refused' } }])
    readOnly(false)
  })
})

test('an apply that a process began and could not go on with before sending anything is tried again, and not reported as sent', async () => {
  const { clock, core, readOnly, stack } = world()
  const id = await core.approved()
  stack.onLook = async () => readOnly(true)
  await core.catchUp.all()
  stack.onLook = async () => {}
  readOnly(false)
  clock.pass(leaseSeconds)
  await core.catchUp.all()
  const why = expect.stringContaining('before anything was sent')
  expect((await core.store.get(id)).change).toMatchObject({ status: 'approved', sends: [], interruption: { why } })
  clock.pass(10)
  await core.catchUp.all()
  expect(stack.writes()).toBe(1)
  expect(await typesOf(core, id)).toEqual([
    'proposed',
    'approved',
    'apply_started',
    'apply_interrupted',
    'apply_started',
    'write_answered',
    'applied',
  ])
})

test('if an update failed while it was sent, its own process does not say that the app stopped', async () => {
  const { clock, core, stack } = world()
  const id = await core.approved()
  stack.onWrite = () => Promise.reject(new TypeError('a bug'))
  await core.catchUp.all()
  clock.pass(leaseSeconds)
  await core.catchUp.all()
  const answer = { kind: 'none', why: 'Countersign failed while it sent the update' }
  expect((await core.store.events(id)).map(({ event }) => event)).toContainEqual(expect.objectContaining({ answer }))
})
