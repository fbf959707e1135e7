import { afterEach, expect, test } from 'vitest'
import { type EmulatedStack, startStack } from '../../../src/sandbox/stack/stack.ts'
import type { StackOptions } from '../../../src/sandbox/stack/world.ts'
import { ask } from './ask.ts'

let stack: EmulatedStack
afterEach(() => stack?.stop())

async function start(options: StackOptions = {}) {
  stack = await startStack(options)
  return stack
}

const tokens = ['one', 'two', 'three'].map((name) => ({ uid: `blt${name}`, name }))

test('a list of tokens is given in pages, with the count when it is asked for', async () => {
  await start({ tokens })
  const page = await ask(stack, 'stacks/management_tokens?limit=2&skip=1&include_count=true')
  expect(page.body.count).toBe(3)
  expect(page.body.tokens.map(({ name }) => name)).toEqual(['two', 'three'])
  expect((await ask(stack, 'stacks/management_tokens')).body).not.toHaveProperty('count')
})

test('a page never has more than a hundred tokens', async () => {
  await start({ tokens: Array.from({ length: 120 }, (_, i) => ({ uid: `blt${i}`, name: `token ${i}` })) })
  expect((await ask(stack, 'stacks/management_tokens?limit=500')).body.tokens).toHaveLength(100)
})

test('a token is shown with who made it and when, and never with its secret value', async () => {
  await start({ tokens: [{ ...tokens[0]!, token: 'cs-EXAMPLE' }] })
  const { body } = await ask(stack, 'stacks/management_tokens/bltone')
  expect(body.token).toMatchObject({ uid: 'bltone', created_by: expect.any(String), updated_at: expect.any(String) })
  expect(body.token).not.toHaveProperty('token')
})

test('every answer names its request and what is left of the rate limit', async () => {
  await start()
  const { headers } = await ask(stack, 'stacks')
  expect(headers.get('x-ratelimit-limit')).toBe('10')
  expect(headers.get('x-ratelimit-remaining')).toBe('9')
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{20,}$/)
})

test('an alias is listed with its branch as its uid', async () => {
  await start({ aliases: [{ alias: 'live', target: 'main' }] })
  expect((await ask(stack, 'stacks/branch_aliases')).body.branch_aliases).toMatchObject([
    { alias: 'live', uid: 'main' },
  ])
  expect((await ask(stack, 'stacks/branches')).body.branches[0]).toMatchObject({
    uid: 'main',
    alias: [{ uid: 'live' }],
  })
})

test('an alias that is pointed to another branch is listed with it from then on', async () => {
  await start()
  stack.point('live', 'feature-x')
  expect((await ask(stack, 'stacks/branch_aliases')).body.branch_aliases).toContainEqual(
    expect.objectContaining({ alias: 'live', uid: 'feature-x' }),
  )
  expect(() => stack.point('live', 'nowhere')).toThrow(/no branch nowhere/)
  expect(() => stack.point('nobody', 'main')).toThrow(/no alias nobody/)
})

test('the stack says whether it uses branches, and which organisation it belongs to', async () => {
  await start({ title: 'Shop', organisation: 'bltorg', branchesEnabled: false })
  const { stack: record } = (await ask(stack, 'stacks')).body
  expect(record).toMatchObject({ name: 'Shop', org_uid: 'bltorg' })
  expect(record.settings).not.toHaveProperty('branches')
})

test("the organisation's limits are in its plan, for those who may see it", async () => {
  await start({ organisation: 'bltorg', organisationLimits: { read: 43, write: 20 } })
  const { plan } = (await ask(stack, 'organizations/bltorg?include_plan=true')).body.organization
  expect(plan.features).toContainEqual(expect.objectContaining({ uid: 'getLimit', limit: 43 }))
  expect(plan.features).toContainEqual(expect.objectContaining({ uid: 'limit', limit: 20 }))
})

test("an organisation's plan may be closed to the account that asks", async () => {
  await start({ organisation: 'bltorg', organisationLimits: null })
  expect(await ask(stack, 'organizations/bltorg?include_plan=true')).toMatchObject({ status: 403 })
})

test('a missing or unknown authtoken is turned away with 401 and code 105', async () => {
  await start()
  for (const authtoken of [undefined, 'wrong'])
    expect(await ask(stack, 'stacks', { headers: { authtoken } })).toMatchObject({
      status: 401,
      body: { error_code: 105 },
    })
})

test('an unknown API key is turned away with 412, or with 422 and code 21', async () => {
  await start()
  const wrong = { headers: { api_key: 'wrong' } }
  expect(await ask(stack, 'stacks', wrong)).toMatchObject({ status: 412 })
  stack.behaviour.wrongApiKey = 422
  expect(await ask(stack, 'stacks', wrong)).toMatchObject({ status: 422, body: { error_code: 21 } })
})

test('an unknown token is 404 or 422, as the switch says', async () => {
  await start()
  expect(await ask(stack, 'stacks/management_tokens/nope')).toMatchObject({ status: 404 })
  stack.behaviour.unknownToken = 422
  expect(await ask(stack, 'stacks/management_tokens/nope')).toMatchObject({ status: 422 })
})

test('an address that the stack does not have is 404', async () => {
  await start()
  expect(await ask(stack, 'stacks/nonsense')).toMatchObject({ status: 404 })
  expect(await ask(stack, 'stacks', { method: 'DELETE' })).toMatchObject({ status: 404 })
})

test('a stack that is limited to some requests a second answers the next ones with 429, reads and writes apart', async () => {
  await start({ requestsPerSecond: 1 })
  const reads = await Promise.all(Array.from({ length: 10 }, () => ask(stack, 'stacks')))
  const statuses = reads.map(({ status }) => status)
  expect(statuses).toContain(200)
  expect(statuses).toContain(429)
  expect(await ask(stack, 'stacks', { method: 'PUT' })).not.toMatchObject({ status: 429 })
})
