import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { troubleOf } from '../../src/storage/trouble.ts'
import { guarded } from '../../src/workflow/guarded-store.ts'
import { createHealth } from '../../src/workflow/health.ts'
import { createOutside, startCore } from '../support/core.ts'
import { bob, mallory } from '../support/world.ts'

afterEach(() => vi.restoreAllMocks())

/** One process whose own connection to the database can be made one that only reads. */
function world() {
  const outside = createOutside()
  const health = createHealth({ now: outside.clock.now, onChange: () => {} })
  outside.guard = (store) => guarded(store, { health, troubleOf })
  const opening = vi.spyOn(Sqlite.prototype, 'pragma')
  const core = startCore(outside)
  const connection = opening.mock.contexts[0] as unknown as Sqlite.Database
  opening.mockRestore()
  const readOnly = (on: boolean) => void connection.pragma(`query_only = ${on ? 1 : 0}`)
  return { ...outside, core, health, readOnly }
}

describe('while the log can not be written', () => {
  test('nothing is asked of the stack for a change that was approved before, and it is applied once afterwards', async () => {
    const { core, clock, stack, health, readOnly } = world()
    const id = await core.approved()
    readOnly(true)
    for (let i = 0; i < 3; i++) {
      await core.catchUp.all()
      clock.pass(120)
    }
    expect(stack.calls).toEqual([])
    expect(health.words()).toContain('the database can only be read')
    expect((await core.store.get(id)).change.status).toBe('approved')

    readOnly(false)
    await core.store.tryToWrite()
    expect(health.words()).toBeNull()
    await core.catchUp.all()
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
    expect((await core.store.get(id)).change.status).toBe('applied')
  })

  test('whoever may not do something is told that, though it can not be noted', async () => {
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

  test('whoever may is told that nothing was recorded', async () => {
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

  test('a decision that comes to nothing does not pass for one that was written', async () => {
    const { core, health } = world()
    const id = await core.proposed()
    health.fails('the disk is full')
    await core.store.record(id, 'app', () => null)
    expect(health.words()).not.toBeNull()
    await core.store.record(id, bob, () => ({ type: 'claimed', at: '2026-06-01T09:00:00.000Z', by: bob }))
    expect(health.words()).toBeNull()
  })
})
