import { expect, test } from 'vitest'
import { isGone, StillListed } from '../../../src/domain/looks/gone.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { sayingSinceWhen } from '../../../src/workflow/looks/missing-for.ts'
import { createWorld, startCore, untilGone } from '../../support/core.ts'

/** An approved change to a token that the stack has once said it does not have. */
async function missingOnce() {
  const world = createWorld()
  const { clock, core, stack } = world
  const token = stack.live.get('t1')!
  await core.looks.refreshAll()
  const id = await core.approved()
  const isThere = (there: boolean) => void (there ? stack.live.set('t1', token) : stack.live.delete('t1'))
  const status = async () => (await core.store.get(id)).change.status
  /** Minutes in which each look finds something other than a missing token. */
  const meanwhile = async (minutes: number, look: () => Promise<unknown>) => {
    for (let i = 0; i < minutes; i++) {
      clock.pass(60)
      await look()
    }
  }
  isThere(false)
  await core.catchUp.all()
  expect(await status()).toBe('approved')
  return { ...world, isThere, meanwhile, status }
}

test('a token that two looks do not find, with no answer in between, is not gone', async () => {
  const world = await missingOnce()
  const { core, meanwhile, stack, status } = world
  stack.onLook = () => Promise.reject(new Error('connect ECONNREFUSED'))
  await meanwhile(18, () => core.catchUp.all())
  stack.onLook = async () => {}
  await meanwhile(6, () => core.catchUp.all())
  expect(await status()).toBe('approved')
  await untilGone(world)
  expect(await status()).toBe('failed')
})

test('a token that is still in the list is not gone either: the quarter of an hour starts again', async () => {
  const { clock, stack } = createWorld()
  const asked = sayingSinceWhen(stack.api, clock.monotonic, async () => null)
  const answers = async (answer: Error) => {
    clock.pass(60)
    stack.onLook = () => Promise.reject(answer)
    return isGone(await asked.token('t1').catch((error: unknown) => error))
  }
  const none = new Refusal('not_found', 'no such token')
  for (let i = 0; i < 15; i++) expect(await answers(none)).toBe(false)
  expect(await answers(new StillListed('no such token, but lists it'))).toBe(false)
  for (let i = 0; i < 15; i++) expect(await answers(none)).toBe(false)
  expect(await answers(none)).toBe(true)
})

test('a token that another process saw meanwhile is not gone', async () => {
  const world = await missingOnce()
  const { core, isThere, meanwhile, outside, status } = world
  const second = startCore(outside, 'second')
  await meanwhile(10, () => core.catchUp.all())
  isThere(true)
  await meanwhile(1, () => second.looks.refreshAll())
  isThere(false)
  await meanwhile(10, () => core.catchUp.all())
  expect(await status()).toBe('approved')
  await untilGone(world)
  expect(await status()).toBe('failed')
})

test('a missing token is looked for each minute, though nobody asks, until that can be told', async () => {
  const { clock, core, stack } = createWorld()
  await core.looks.refreshAll()
  stack.live.delete('t1')
  clock.pass(3600)
  await core.looks.refreshAll()
  for (let i = 0; i < 16; i++) {
    clock.pass(61)
    await core.looks.retryFailed()
  }
  expect((await core.store.goneTokens()).map(({ uid }) => uid)).toEqual(['t1'])
  const { length } = stack.calls
  clock.pass(61)
  await core.looks.retryFailed()
  expect(stack.calls).toHaveLength(length)
})
