import { expect, test } from 'vitest'
import { createOutside, createWorld, startCore } from '../../support/core.ts'

test('after a backup was put back, nothing is written until no earlier update can arrive any more', async () => {
  const { core: before, outside, stack, clock } = createWorld()
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

/** A process that starts on a backup just recorded as restored, with a clock that was ahead by that many seconds. */
async function justPutBack(ahead = 0) {
  const outside = createOutside()
  const { clock } = outside
  let set = ahead
  const now = () => new Date(clock.now().getTime() + set * 1000)
  outside.clock = { ...clock, now, iso: () => now().toISOString() }
  const before = startCore(outside)
  await before.store.note(said, 'operator:root', null)
  before.store.close()
  clock.pass(1)
  return { ...outside, clock, outside, setTo: (seconds: number) => (set = seconds) }
}

const said = { type: 'log_put_back', size: 0, head: '' } as const

test.each([2, 3600, -3600])(
  'nor where that was said by a clock that was %i seconds ahead and has been set right since',
  async (ahead) => {
    const { outside, setTo, clock, stack } = await justPutBack(ahead)
    setTo(0)
    const core = startCore(outside, 'second')
    await core.approved()
    await core.catchUp.all()
    expect(stack.writes()).toBe(0)
    clock.pass(15 * 60)
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
  },
)

test.each([20 * 60, -60])('nor where the clock is set by %i seconds meanwhile', async (seconds) => {
  const { outside, setTo, clock, stack } = await justPutBack()
  const core = startCore(outside, 'second')
  const id = await core.approved()
  await core.catchUp.all()
  setTo(seconds)
  await core.catchUp.all()
  expect(stack.writes()).toBe(0)
  clock.pass(15 * 60)
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applied')
})

test('a backup that was put back is noticed though it is recorded while the app runs, or could not be read once', async () => {
  const outside = createOutside()
  let fails = 1
  outside.guard = (store) => ({
    ...store,
    putBackAt: () => (fails-- > 0 ? Promise.reject(new Error('disk I/O error')) : store.putBackAt()),
  })
  const core = startCore(outside)
  const id = await core.approved()
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('approved')
  outside.clock.pass(60)
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applied')
  await core.store.note(said, 'operator:root', null)
  await core.approved('t2')
  await core.catchUp.all()
  expect(outside.stack.writes()).toBe(1)
})
