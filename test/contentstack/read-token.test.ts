import { expect, test } from 'vitest'
import { readSettings, readToken } from '../../src/contentstack/read-token.ts'

const main = { module: 'branch', acl: { read: true }, branches: ['main'] }

function scoped(...scope: unknown[]) {
  return readSettings({ name: 'ci', scope }, null)
}

test('a token with the least that the stack may show has nothing, and never expires', () => {
  expect(readSettings({ name: 'ci' }, null)).toEqual({
    name: 'ci',
    description: '',
    branches: [],
    aliases: [],
    permissions: { everything: 'none', modules: {} },
    expiresOn: null,
    emailNotice: false,
    rateLimits: { kind: 'ungoverned' },
    otherScope: [],
    otherExpiry: [],
  })
})

test('an unreadable name is shown as unreadable', () => {
  expect(() => readSettings({ name: 7 }, null)).toThrow(/^name: /)
})

test('every other field about expiry is shown, and no other field is', () => {
  const raw = { name: 'ci', expires_on: '2027-01-31', note: 'expires', is_never_expires: true, Expiry: { days: [1] } }
  expect(readSettings(raw, null)).toMatchObject({
    expiresOn: '2027-01-31',
    otherExpiry: ['Expiry: {"days":[1]}', 'is_never_expires: true'],
  })
  expect(readSettings({ name: 'ci', expires_on: null }, null).otherExpiry).toEqual([])
})

test('a field about expiry is found wherever in the token it is', () => {
  const raw = {
    name: 'ci',
    expires_on: '2027-01-31',
    options: { never_expires: true, lists: [{ expires_on: null }, [{ expires_on: null }], 'expiry'] },
    scope: [{ module: 'entry', acl: { read: true }, _metadata: { uid: 'a', Expiration: 1 } }],
  }
  expect(readSettings(raw, null).otherExpiry).toEqual([
    'options.lists.expires_on: null',
    'options.never_expires: true',
    'scope._metadata.Expiration: 1',
  ])
})

test('$all is the whole stack, and modules are granted one by one', () => {
  const { permissions, otherScope } = scoped(
    { module: '$all', acl: { read: true } },
    { module: 'entry', acl: { read: true, write: true } },
    { module: 'asset', acl: { read: true, write: false } },
    { module: 'role', acl: { read: false, write: false } },
  )
  expect(permissions).toEqual({ everything: 'read', modules: { entry: 'write', asset: 'read' } })
  expect(otherScope).toEqual([])
})

test('branches and aliases are read from entries that list them', () => {
  const alias = { module: 'branch_alias', acl: { read: true }, branch_aliases: ['live', 'preview'] }
  expect(scoped(main, alias)).toMatchObject({ branches: ['main'], aliases: ['live', 'preview'], otherScope: [] })
})

test.each<[string, unknown]>([
  ['an unknown module', { module: 'variant', acl: { read: true } }],
  ['an acl with more than read and write', { module: 'entry', acl: { read: true, create: true } }],
  ['an acl in words', { module: 'entry', acl: { read: 'true' } }],
  ['an acl that says nothing of reading', { module: 'entry', acl: { write: true } }],
  ['writing without reading', { module: 'entry', acl: { read: false, write: true } }],
  ['a module limited in some other way', { module: 'entry', acl: { read: true }, branches: ['main'] }],
  ['branches that are no list', { module: 'branch', acl: { read: true }, branches: '*' }],
  ['branches that are no names', { module: 'branch', acl: { read: true }, branches: [{ uid: 'main' }] }],
  ['branches, one of which is not a name', { module: 'branch', acl: { read: true }, branches: ['main', 7] }],
  ['writing in a word', { module: 'entry', acl: { read: true, write: 'yes' } }],
  ['a module that is no word', { module: 7, acl: { read: true } }],
  ['branches that may be written', { module: 'branch', acl: { read: true, write: true }, branches: ['main'] }],
  ['aliases without a list', { module: 'branch_alias', acl: { read: true } }],
  ['an entry without a module', { acl: { read: true } }],
  ['an entry that is no object', 'entry'],
])('%s is not understood, and kept to be shown', (_, entry) => {
  const { permissions, branches, aliases, otherScope } = scoped(entry)
  expect({ permissions, branches, aliases }).toEqual({
    permissions: { everything: 'none', modules: {} },
    branches: [],
    aliases: [],
  })
  expect(otherScope).toHaveLength(1)
})

test('scope that is not understood is shown with its keys in order and without its metadata', () => {
  const entry = { module: 'variant', acl: { write: true, read: true }, _metadata: { uid: 'cs1' } }
  expect(scoped(entry).otherScope).toEqual(['{"acl":{"read":true,"write":true},"module":"variant"}'])
})

test('several entries for one module are not understood', () => {
  const { permissions, branches, otherScope } = scoped(
    { module: 'entry', acl: { read: true } },
    main,
    { module: 'entry', acl: { read: true, write: true } },
    { ...main, branches: ['development'] },
  )
  expect(permissions.modules).toEqual({})
  expect(branches).toEqual([])
  expect(otherScope).toHaveLength(4)
})

test('metadata alone does not make an entry unreadable', () => {
  expect(scoped({ module: 'entry', acl: { read: true }, _metadata: { uid: 'cs1' } })).toMatchObject({
    permissions: { modules: { entry: 'read' } },
    otherScope: [],
  })
})

const flat = { enabled: 'rate_limit_enabled', read: 'reads', write: 'writes' }
test.each<[string, object, object]>([
  ['nothing about them', {}, { kind: 'organisation' }],
  ['limits that are off', { rate_limit_enabled: false, reads: 5, writes: 5 }, { kind: 'organisation' }],
  ['limits that are on', { rate_limit_enabled: true, reads: 5, writes: '7' }, { kind: 'custom', read: 5, write: 7 }],
  ['limits that are on without a number', { rate_limit_enabled: true, reads: 5 }, { kind: 'ungoverned' }],
  ['a switch that is neither', { rate_limit_enabled: 'maybe', reads: 5, writes: 5 }, { kind: 'ungoverned' }],
])('rate limits of a token with %s', (_, wire, expected) => {
  expect(readSettings({ name: 'ci', ...wire }, flat).rateLimits).toEqual(expected)
})

test('an expiry keeps its format, and an empty one means never', () => {
  const expiry = (expires_on: string) => readSettings({ name: 'ci', expires_on }, null).expiresOn
  expect(expiry('2027-01-31')).toBe('2027-01-31')
  expect(expiry('2027-01-31T00:00:00+00:00')).toBe('2027-01-31T00:00:00+00:00')
  expect(expiry('')).toBeNull()
})

test.each<[string, object, RegExp]>([
  ['no uid', { uid: undefined }, /uid/],
  ['a uid that would make another address', { uid: '..' }, /uid: is not a uid/],
  ['no name', { name: undefined }, /name/],
  ['a scope that is no list', { scope: {} }, /scope/],
  ['an expiry that is not a date', { expires_on: 'soon' }, /expires_on: is not a date/],
  ['an e-mail switch that is no switch', { is_email_notification_enabled: 'yes' }, /is_email_notification_enabled/],
])('a token with %s is not read at all, and the reason names the field', (_, change, why) => {
  expect(() => readToken({ uid: 'blt1', name: 'ci', ...change }, null)).toThrow(why)
})
