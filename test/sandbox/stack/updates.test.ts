import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmulatedStack, startStack } from '../../../src/sandbox/stack/stack.ts'
import type { WireToken } from '../../../src/sandbox/stack/wire-token.ts'
import { ask, put } from './ask.ts'

let stack: EmulatedStack
beforeEach(async () => {
  stack = await startStack({ tokens: [token, { ...token, uid: 'bltother', name: 'other' }] })
})
afterEach(() => stack.stop())

const main = { module: 'branch', acl: { read: true }, branches: ['main'] }
const token: WireToken = {
  uid: 'blt1',
  name: 'ci',
  description: 'Deploys',
  scope: [{ module: '$all', acl: { read: true } }, main],
  expires_on: '2027-01-31',
  is_email_notification_enabled: true,
  colour: 'green',
}
const { uid: _, ...whole } = token

test('an update that says everything is taken, and stamped with who and when', async () => {
  const before = stack.token('blt1')!
  const answer = await put(stack, 'blt1', { ...whole, name: 'cd' })
  expect(answer).toMatchObject({ status: 200, body: { notice: 'Management Token updated successfully.' } })
  expect(answer.body.token).toEqual(stack.token('blt1'))
  const after = stack.token('blt1')!
  expect(after).toMatchObject({ ...whole, name: 'cd', created_at: before.created_at })
  expect(after.updated_at).not.toBe(before.updated_at)
  expect(after.updated_by).not.toBe(before.updated_by)
})

test('the clock of the stack dates an edit, by hand too', async (context) => {
  const then = Date.parse('2030-01-01T00:00:00.000Z')
  const other = await startStack({ tokens: [token], now: () => then })
  context.onTestFinished(() => other.stop())
  await put(other, 'blt1', { ...whole, name: 'cd' })
  expect(other.token('blt1')?.updated_at).toBe('2030-01-01T00:00:00.000Z')
  other.edit('blt1', { name: 'ci' })
  expect(other.token('blt1')?.updated_at).toBe('2030-01-01T00:00:00.001Z')
})

test('a replacing stack resets what an update leaves out', async () => {
  await put(stack, 'blt1', { name: 'ci', scope: [main] })
  expect(stack.token('blt1')).toMatchObject({
    description: '',
    expires_on: null,
    is_email_notification_enabled: false,
  })
  expect(stack.token('blt1')).not.toHaveProperty('colour')
})

test('a merging stack keeps what an update leaves out', async () => {
  stack.behaviour.update = 'merge'
  await put(stack, 'blt1', { name: 'cd' })
  expect(stack.token('blt1')).toMatchObject({ ...whole, name: 'cd' })
})

test('read-only fields and secret values in an update change nothing', async () => {
  const other = stack.token('bltother')
  await put(stack, 'blt1', { ...whole, uid: 'bltother', created_by: 'me', token: 'cs-EXAMPLE' })
  expect(stack.takenUpdates('blt1')).toBe(1)
  expect(stack.token('bltother')).toEqual(other)
  expect(stack.token('blt1')).toMatchObject({ uid: 'blt1', created_by: stack.token('bltother')!.created_by })
  expect(stack.token('blt1')).not.toHaveProperty('token')
})

test('an unknown key is dropped silently, unless the switch keeps it', async () => {
  expect(await put(stack, 'blt1', { ...whole, Scope: [] })).toMatchObject({ status: 200 })
  expect(stack.token('blt1')).not.toHaveProperty('Scope')
  stack.behaviour.dropUnknownKeys = false
  await put(stack, 'blt1', { ...whole, Scope: [] })
  expect(stack.token('blt1')).toHaveProperty('Scope')
})

test('a plan without custom rate limits drops them silently', async () => {
  const limited = { ...whole, rate_limit_enabled: true, rate_limit: { read: 5, write: 5 } }
  await put(stack, 'blt1', limited)
  expect(stack.token('blt1')).toMatchObject({ rate_limit: { read: 5, write: 5 } })
  stack.behaviour.rateLimitFields = null
  stack.behaviour.dropUnknownKeys = false
  await put(stack, 'bltother', { ...limited, name: 'other' })
  expect(stack.token('bltother')).not.toHaveProperty('rate_limit')
  expect(stack.token('bltother')).not.toHaveProperty('rate_limit_enabled')
})

test('an expiry reads as it was sent, as a date, or as an instant', async () => {
  const expiry = async (behaviour: typeof stack.behaviour.expiry, expires_on: string) => {
    stack.behaviour.expiry = behaviour
    await put(stack, 'blt1', { ...whole, expires_on })
    return stack.token('blt1')!.expires_on
  }
  expect(await expiry('as sent', '2027-02-01')).toBe('2027-02-01')
  expect(await expiry('instant', '2027-02-01')).toBe('2027-02-01T00:00:00.000Z')
  expect(await expiry('date', '2027-02-01T00:00:00.000Z')).toBe('2027-02-01')
})

test.each<[string, object, string, RegExp]>([
  ['a name that another token has', { name: 'other' }, 'name', /already taken/],
  ['no name', { name: undefined }, 'name', /required/],
  ['an empty name', { name: ' ' }, 'name', /required/],
  ['no branch and no alias', { scope: [{ module: '$all', acl: { read: true } }] }, 'scope.branch_or_alias', /required/],
  ['an unknown branch', { scope: [{ ...main, branches: ['*'] }] }, 'scope.branch', /\* branch\(es\) not found/],
  [
    'an unknown alias',
    { scope: [{ module: 'branch_alias', acl: { read: true }, branch_aliases: ['dead'] }] },
    'scope.branch_alias',
    /dead/,
  ],
  ['an unknown module', { scope: [main, { module: 'taxonomy', acl: { read: true } }] }, 'scope.module', /taxonomy/],
  ['a scope that is none', { scope: 'everything' }, 'scope', /not valid/],
  ['an expiry that is not a date', { expires_on: 'soon' }, 'expires_on', /date/],
  [
    "more than the organisation's limit",
    { rate_limit_enabled: true, rate_limit: { read: 101, write: 1 } },
    'rate_limit.read',
    /100/,
  ],
  ['custom limits without numbers', { rate_limit_enabled: true }, 'rate_limit.write', /required/],
])('an update with %s is refused, and nothing of it is taken', async (_, change, field, why) => {
  const before = stack.token('blt1')
  const answer = await put(stack, 'blt1', { ...whole, ...change })
  expect(answer).toMatchObject({ status: 422, body: { error_message: expect.any(String), error_code: 141 } })
  expect(answer.body.errors[field]!.join()).toMatch(why)
  expect(stack.token('blt1')).toEqual(before)
  expect(stack.takenUpdates()).toBe(0)
})

test('a stack without branches asks for none', async () => {
  await stack.stop()
  stack = await startStack({ tokens: [token], branchesEnabled: false })
  expect(await put(stack, 'blt1', { name: 'ci', scope: [] })).toMatchObject({ status: 200 })
})

test('a module that a token has already is taken back, even an unknown one', async () => {
  const variant = { module: 'variant', acl: { read: true } }
  stack.edit('blt1', { scope: [main, variant] })
  expect(await put(stack, 'blt1', { ...whole, scope: [main, variant] })).toMatchObject({ status: 200 })
})

test('an update without a token in it, without JSON, or of an unknown token is refused', async () => {
  const path = 'stacks/management_tokens/blt1'
  expect(await ask(stack, path, { method: 'PUT', body: {} })).toMatchObject({ status: 422 })
  expect(await ask(stack, path, { method: 'PUT', body: 'no json' })).toMatchObject({ status: 400 })
  expect(await put(stack, 'nope', whole)).toMatchObject({ status: 404 })
})
