import { expect, test } from 'vitest'
import { createWorld, startCore } from '../support/core.ts'

test('nothing is written after a backup was put back until no update of before can arrive any more', async () => {
  const { core: before, outside, stack, clock } = createWorld()
  const said = { type: 'log_put_back', size: 0, head: '' } as const
  await before.store.note(said, 'operator:root', null)
  before.store.close()
  clock.pass(60)
  const core = startCore(outside, 'second')
  const id = await core.approved()
  for (let round = 0; round < 3; round++) await core.catchUp.all()
  const { change } = await core.store.get(id)
  expect(change).toMatchObject({
    status: 'approved',
    interruptions: 0,
    interruption: {
      why: expect.stringContaining('a backup of the database was put back'),
      retryAt: expect.any(String),
    },
  })
  expect((await core.store.events(id)).filter(({ event }) => event.type === 'apply_postponed')).toHaveLength(1)
  expect(stack.writes()).toBe(0)
  clock.pass(15 * 60)
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applied')
  expect(stack.writes()).toBe(1)
})
