import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmulatedStack, startStack } from '../../../src/sandbox/stack/stack.ts'
import { ask, put } from './ask.ts'

const uid = 'blt1'
const tokens = 'stacks/management_tokens'
const main = { module: 'branch', acl: { read: true }, branches: ['main'] }
const entry = { module: 'entry', acl: { read: true } }
const update = { name: 'new', description: 'new', scope: [main] }

let stack: EmulatedStack
beforeEach(async () => {
  stack = await startStack({ tokens: [{ uid, name: 'old', description: 'old', scope: [main] }] })
})
afterEach(() => stack.stop())

async function names(path = tokens): Promise<unknown> {
  const { body } = await ask(stack, path)
  const { tokens: listed, token } = body as { tokens?: { name: string }[]; token?: { name: string } }
  return listed?.map(({ name }) => name) ?? token?.name
}

test('a number of the next reads, of one token or of all, show the token as it was before', async () => {
  await put(stack, uid, update)
  stack.trouble.staleReads = 2
  expect([await names(), await names(`${tokens}/${uid}`), await names()]).toEqual([['old'], 'old', ['new']])
  stack.edit(uid, { name: 'by hand' })
  stack.trouble.staleReads = 1
  expect(await names()).toEqual(['new'])
})

test('a stack that is behind shows an older state', async () => {
  stack.trouble.lagMs = 3_600_000
  await put(stack, uid, update)
  expect(await names()).toEqual(['old'])
  stack.remove(uid)
  expect(await names(`${tokens}/${uid}`)).toBe('old')
})

test('the next reads of tokens can be answered by something in between, also with a page', async () => {
  stack.trouble.nextReads = [
    { status: 404, body: { message: 'Not Found' } },
    { status: 200, body: '<html>Log in</html>' },
  ]
  expect(await ask(stack, 'stacks')).toMatchObject({ status: 200, body: { stack: {} } })
  expect(await ask(stack, `${tokens}/${uid}`)).toMatchObject({ status: 404, body: { message: 'Not Found' } })
  const page = await fetch(`${stack.url}/v3/${tokens}`, {
    headers: { api_key: stack.apiKey, authtoken: stack.authtoken },
  })
  expect([page.headers.get('content-type'), await page.text()]).toEqual(['text/html', '<html>Log in</html>'])
  expect(await names()).toEqual(['old'])
})

test('a number of the next lists are empty, while each token is still there', async () => {
  stack.trouble.shortLists = 1
  expect([await names(`${tokens}/${uid}`), await names(), await names()]).toEqual(['old', [], ['old']])
})

test('an update can arrive late: it is answered to nobody, and applied to what the token is by then', async () => {
  stack.trouble.updates = 'arrives late'
  await expect(put(stack, uid, update)).rejects.toThrow()
  expect(stack.token(uid)).toMatchObject({ name: 'old' })
  stack.letArrive()
  expect(stack.token(uid)).toMatchObject({ name: 'new' })
  expect(stack.takenUpdates()).toBe(1)

  await expect(put(stack, uid, { ...update, name: 'again' })).rejects.toThrow()
  stack.remove(uid)
  stack.letArrive()
  expect(stack.token(uid)).toBeUndefined()
})

test("the stack can keep an update's values in its own form", async () => {
  Object.assign(stack.behaviour, { text: 'trimmed', expiry: 'end of day', scope: 'sorted' })
  const scope = [{ ...main, branches: ['main', 'development', 'main'] }, entry]
  await put(stack, uid, { name: ' a  name ', description: 'x ', scope: scope.toReversed(), expires_on: '2027-01-31' })
  expect(stack.token(uid)).toMatchObject({
    name: 'a name',
    description: 'x',
    expires_on: '2027-01-31T23:59:59.999Z',
    scope: [{ module: 'branch', branches: ['development', 'main'] }, { module: 'entry' }],
  })
  stack.behaviour.text = 'lower case'
  await put(stack, uid, { ...update, name: 'CI' })
  expect(stack.token(uid)).toMatchObject({ name: 'ci' })
})

test('a stack may neither tell who edited a token, nor show it in its answer to an update', async () => {
  Object.assign(stack.behaviour, { times: false, updateAnswer: 'notice' })
  expect((await put(stack, uid, update)).body).toEqual({ notice: expect.any(String) })
  const { body } = await ask(stack, `${tokens}/${uid}`)
  expect(Object.keys((body as { token: object }).token)).not.toContain('updated_at')
})
