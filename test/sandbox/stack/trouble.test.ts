import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type EmulatedStack, startStack } from '../../../src/sandbox/stack/stack.ts'
import { ask, put } from './ask.ts'

const uid = 'blt1'
const main = { module: 'branch', acl: { read: true }, branches: ['main'] }
const update = { name: 'new', description: 'new', scope: [main] }

let stack: EmulatedStack
beforeEach(async () => {
  stack = await startStack({ tokens: [{ uid, name: 'old', description: 'old', scope: [main] }] })
})
afterEach(() => stack.stop())

test('a stack that is down answers everything with 503', async () => {
  stack.trouble.down = true
  expect(await ask(stack, 'stacks')).toMatchObject({ status: 503 })
  expect(await put(stack, uid, update)).toMatchObject({ status: 503 })
  expect(stack.takenUpdates()).toBe(0)
})

test('a number of the next requests are answered with 429', async () => {
  stack.trouble.rateLimited = 1
  expect(await put(stack, uid, update)).toMatchObject({ status: 429 })
  expect(await put(stack, uid, update)).toMatchObject({ status: 200 })
})

test('an update can be taken without ever being answered', async () => {
  stack.trouble.updates = 'take, then never answer'
  const taken = new Promise<void>((resolve) => {
    stack.hooks.afterTaking = resolve
  })
  const unanswered = put(stack, uid, update).catch((error: Error) => error)
  await taken
  expect(stack.token(uid)).toMatchObject({ name: 'new' })
  expect(stack.takenUpdates(uid)).toBe(1)
  await stack.stop()
  expect(await unanswered).toBeInstanceOf(Error)
  expect(stack.requests.at(-1)).toMatchObject({ method: 'PUT', status: null })
})

test('an update can be taken and its connection broken', async () => {
  stack.trouble.updates = 'take, then close the socket'
  await expect(put(stack, uid, update)).rejects.toThrow()
  expect(stack.token(uid)).toMatchObject({ name: 'new' })
})

test('an update can be taken and answered with 500', async () => {
  stack.trouble.updates = 'take, then 500'
  expect(await put(stack, uid, update)).toMatchObject({ status: 500 })
  expect(stack.token(uid)).toMatchObject({ name: 'new' })
})

test('an update can be lost on its way, while reads go through', async () => {
  stack.trouble.updates = 'never arrives'
  await expect(put(stack, uid, update)).rejects.toThrow()
  expect(stack.token(uid)).toMatchObject({ name: 'old' })
  expect(await ask(stack, 'stacks')).toMatchObject({ status: 200 })
})

test.each(['replace', 'merge'] as const)('a stack that can %s keeps the old value of dropped fields', async (mode) => {
  stack.behaviour.update = mode
  stack.trouble.updates = 'drop fields'
  stack.trouble.droppedFields = ['description']
  expect(await put(stack, uid, update)).toMatchObject({ status: 200 })
  expect(stack.token(uid)).toMatchObject({ name: 'new', description: 'old' })
})

test('updates can be refused while reads go through, and reads while updates do', async () => {
  const no = { status: 403, body: { error_message: 'No', error_code: 316 } }
  stack.trouble.refuse = no
  expect(await put(stack, uid, update)).toMatchObject(no)
  expect(await ask(stack, 'stacks')).toMatchObject({ status: 200 })
  Object.assign(stack.trouble, { refuse: null, refuseReads: no })
  expect(await ask(stack, 'stacks')).toMatchObject(no)
  expect(await put(stack, uid, update)).toMatchObject({ status: 200 })
})

test('a slow stack looks at a request only after a while, and no longer once it was stopped', async () => {
  stack.trouble.slowMs = 50
  const waiting = put(stack, uid, update).catch((error: Error) => error)
  await vi.waitUntil(() => stack.requests.length === 1)
  expect(stack.takenUpdates()).toBe(0)
  await stack.stop()
  expect(await waiting).toBeInstanceOf(Error)

  const later = await startStack()
  later.trouble.slowMs = 60
  await ask(later, 'stacks')
  await later.stop()
  expect(stack.takenUpdates()).toBe(0)
})

test('a slow stack answers in the end', async () => {
  stack.trouble.slowMs = 1
  expect(await put(stack, uid, update)).toMatchObject({ status: 200 })
})

test('an update waits for the hook before it is taken', async () => {
  const gate = new EventTarget()
  const waiting = new Promise<void>((resolve) => {
    stack.hooks.beforeTaking = () => {
      resolve()
      return once(gate, 'open').then(() => {})
    }
  })
  const answer = put(stack, uid, update)
  await waiting
  await ask(stack, 'stacks')
  expect(stack.takenUpdates()).toBe(0)
  gate.dispatchEvent(new Event('open'))
  expect(await answer).toMatchObject({ status: 200 })
  expect(stack.takenUpdates()).toBe(1)
})

test('an update that was taken is answered only after the hook', async () => {
  const gate = new EventTarget()
  const waiting = new Promise<void>((resolve) => {
    stack.hooks.afterTaking = () => {
      resolve()
      return once(gate, 'open').then(() => {})
    }
  })
  const answer = put(stack, uid, update)
  await waiting
  await ask(stack, 'stacks')
  expect(stack.takenUpdates()).toBe(1)
  expect(stack.requests[0]).toMatchObject({ method: 'PUT', status: null })
  gate.dispatchEvent(new Event('open'))
  expect(await answer).toMatchObject({ status: 200 })
})

test('an edit by hand changes a token past the app, and is not an update', async () => {
  stack.edit(uid, { description: 'by hand' })
  expect(stack.token(uid)).toMatchObject({ name: 'old', description: 'by hand' })
  expect(stack.takenUpdates()).toBe(0)
  expect(() => stack.edit('nope', {})).toThrow(/no token nope/)
})

test('a token that was deleted by hand is unknown', async () => {
  stack.remove(uid)
  expect(stack.tokens()).toEqual([])
  expect(await put(stack, uid, update)).toMatchObject({ status: 404 })
})

test('the stack hands out copies: changing one changes nothing in the stack', () => {
  stack.token(uid)!.name = 'changed'
  stack.tokens()[0]!.scope!.length = 0
  expect(stack.token(uid)).toMatchObject({ name: 'old', scope: [main] })
})

test('a listener hears of updates and edits until it stops listening', async () => {
  let heard = 0
  const stop = stack.onChange(() => {
    heard += 1
  })
  stack.edit(uid, { description: 'by hand' })
  expect(heard).toBe(1)
  await put(stack, uid, update)
  expect(heard).toBeGreaterThan(1)
  stop()
  const before = heard
  stack.edit(uid, { description: 'again' })
  expect(heard).toBe(before)
})

test('clearing forgets requests, counts, troubles and hooks, and keeps the tokens', async () => {
  await put(stack, uid, update)
  stack.trouble.down = true
  stack.hooks.afterTaking = () => {}
  stack.clear()
  expect(stack.requests).toEqual([])
  expect(stack.takenUpdates()).toBe(0)
  expect(stack.trouble.down).toBe(false)
  expect(stack.hooks).toEqual({})
  expect(stack.token(uid)).toMatchObject({ name: 'new' })
})
