import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContentstackStack } from '../../src/contentstack/stack.ts'
import { same } from '../../src/domain/token/diff.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { type EmulatedStack, startStack } from '../../src/sandbox/stack/stack.ts'
import type { WireToken } from '../../src/sandbox/stack/wire-token.ts'
import { connect } from './connect.ts'

const uid = 'blt1'
const wire: WireToken = {
  uid,
  name: 'ci',
  description: 'Deploys',
  scope: [
    { module: 'variant', acl: { read: true } },
    { module: 'entry', acl: { read: true }, _metadata: { uid: 'cs1' } },
    { module: 'branch', acl: { read: true }, branches: ['main'] },
  ],
  expires_on: '2027-01-31T00:00:00.000Z',
  is_email_notification_enabled: true,
  colour: { of: 'the bikeshed' },
}

const edits: [string, Partial<Settings>][] = [
  ['its name', { name: 'cd' }],
  ['its description', { description: '' }],
  ['its branches', { branches: ['development'] }],
  ['its aliases', { aliases: ['live', 'preview'] }],
  ['its access to the whole stack', { permissions: { everything: 'read', modules: { entry: 'read' } } }],
  ['its modules', { permissions: { everything: 'none', modules: { asset: 'write', locale: 'read' } } }],
  ['its expiry', { expiresOn: '2028-02-29' }],
  ['its expiry, to never', { expiresOn: null }],
  ['its e-mail notice', { emailNotice: false }],
  ['its rate limits', { rateLimits: { kind: 'custom', read: 7, write: 3 } }],
]

const taken = { kind: 'taken', requestId: expect.any(String), stored: expect.anything(), editedAt: expect.any(String) }

describe.each(['replace', 'merge'] as const)('with a stack whose updates %s', (mode) => {
  let stack: EmulatedStack
  let client: ContentstackStack
  beforeEach(async () => {
    stack = await startStack({ tokens: [wire], behaviour: { update: mode } })
    client = connect(stack)
  })
  afterEach(() => stack.stop())

  test.each(edits)('an edit of %s changes that, and nothing else', async (_, edit) => {
    const live = await client.token(uid)
    const after = { ...live.settings, ...edit }
    expect(await client.update(live, after)).toMatchObject(taken)
    const { settings } = await client.token(uid)
    expect(same(settings, after)).toBe(true)
    expect(stack.token(uid)).toMatchObject({ colour: wire.colour })
    expect(stack.token(uid)!.scope).toContainEqual(wire.scope![0])
  })

  test('a token can be edited there and back again', async () => {
    const first = await client.token(uid)
    for (const [, edit] of edits) {
      const live = await client.token(uid)
      expect(await client.update(live, { ...live.settings, ...edit })).toMatchObject({ kind: 'taken' })
    }
    await client.update(await client.token(uid), first.settings)
    expect(same((await client.token(uid)).settings, first.settings)).toBe(true)
  })

  test('an update without changes sends the token back as it came, apart from what the stack alone sets', async () => {
    const live = await client.token(uid)
    await client.update(live, live.settings)
    const { uid: _, ...sent } = wire
    expect(stack.requests.at(-1)).toMatchObject({ method: 'PUT', body: { token: sent } })
    expect(Object.keys((stack.requests.at(-1)!.body as { token: object }).token).sort()).toEqual(
      Object.keys(sent).sort(),
    )
  })

  test('a look after an update whose fields were dropped shows what the stack kept', async () => {
    stack.behaviour.rateLimitFields = null
    const live = await client.token(uid)
    const after: Settings = { ...live.settings, name: 'cd', rateLimits: { kind: 'custom', read: 7, write: 3 } }
    expect(await client.update(live, after)).toMatchObject(taken)
    expect((await client.token(uid)).settings).toMatchObject({ name: 'cd', rateLimits: { kind: 'organisation' } })
  })
})
