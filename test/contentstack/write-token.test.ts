import { expect, test } from 'vitest'
import type { Fields } from '../../src/contentstack/fields.ts'
import { readSettings } from '../../src/contentstack/read-token.ts'
import type { RateLimitFields } from '../../src/contentstack/token-rate-limits.ts'
import { writeToken } from '../../src/contentstack/write-token.ts'
import type { Settings } from '../../src/domain/token/token.ts'

const main = { module: 'branch', acl: { read: true }, branches: ['main'] }
const fields: RateLimitFields = { enabled: 'rate_limit_enabled', read: 'rate_limit.read', write: 'rate_limit.write' }

function write(raw: Fields, change: Partial<Settings>, governed: RateLimitFields | null = fields) {
  return writeToken(raw, { ...readSettings(raw, governed), ...change }, governed)
}

function grant(everything: Settings['permissions']['everything'], modules: Settings['permissions']['modules'] = {}) {
  return { permissions: { everything, modules } }
}

test('access is written in the two forms that the docs show', () => {
  const scope = [{ module: '$all', acl: { read: true, write: true } }, main]
  expect(write({ name: 'ci', scope }, grant('read')).scope).toEqual([{ module: '$all', acl: { read: true } }, main])
  expect(write({ name: 'ci', scope }, grant('none', { entry: 'write', asset: 'read' })).scope).toEqual([
    main,
    { module: 'entry', acl: { read: true, write: true } },
    { module: 'asset', acl: { read: true } },
  ])
})

test('a branch list that empties takes its entry along, and a first name adds one', () => {
  const alias = { module: 'branch_alias', acl: { read: true }, branch_aliases: ['live'] }
  expect(write({ name: 'ci', scope: [main] }, { branches: [], aliases: ['live'] }).scope).toEqual([alias])
})

test('an entry whose names change keeps the rest of its look', () => {
  const entry = { _metadata: { uid: 'cs1' }, ...main }
  expect(write({ name: 'ci', scope: [entry] }, { branches: ['main', 'dev', 'dev'] }).scope).toEqual([
    { ...entry, branches: ['main', 'dev'] },
  ])
})

test.each([
  [null, '2027-02-01'],
  [undefined, '2027-02-01'],
  ['2027-01-31', '2027-02-01'],
  ['2027-01-31T00:00:00.000Z', '2027-02-01T00:00:00.000Z'],
  ['2027-01-31T23:59:59Z', '2027-02-01T00:00:00Z'],
  ['2027-01-31T00:00:00+00:00', '2027-02-01T00:00:00+00:00'],
  ['2027-01-31T00:00:00.000+05:30', '2027-02-01T00:00:00.000+00:00'],
])('a new day on an expiry that came as %s is written as %s', (expires_on, written) => {
  expect(write({ name: 'ci', expires_on }, { expiresOn: '2027-02-01' }).expires_on).toBe(written)
})

test.each([
  { is_never_expires: true },
  { is_never_expires: false },
  { expires_at: '2030-01-01' },
  { expiry: null },
  { tokenExpiration: { days: 30 } },
])('beside %j no other expiry is written, and all else is, with that field as it came', (odd) => {
  const raw = { name: 'ci', expires_on: '2027-01-31', ...odd }
  const [[key, value]] = Object.entries(odd) as [[string, unknown]]
  for (const expiresOn of ['2027-02-01', null])
    expect(() => write(raw, { expiresOn })).toThrow(
      `Countersign does not understand a field about this token's expiry (${key}: ${JSON.stringify(value)}), so the expiry can't be changed here: change it in Contentstack. This update was not sent.`,
    )
  expect(write(raw, { name: 'cd' })).toEqual({ ...raw, name: 'cd' })
  expect(write(raw, { expiresOn: '2027-01-31T00:00:00.000Z' })).toEqual(raw)
})

test('no second expiry is written next to an expiry field that is inside another field', () => {
  const raw = { name: 'ci', expires_on: '2027-01-31', options: { never_expires: true } }
  expect(() => write(raw, { expiresOn: '2027-02-01' })).toThrow('(options.never_expires: true)')
  expect(write(raw, { name: 'cd' })).toEqual({ ...raw, name: 'cd' })
})

test('never is null, and an expiry that stays absent stays absent', () => {
  expect(write({ name: 'ci', expires_on: '2027-01-31' }, { expiresOn: null })).toHaveProperty('expires_on', null)
  expect(write({ name: 'ci' }, { name: 'cd' })).not.toHaveProperty('expires_on')
})

test('a day that means the instant that came is not a change', () => {
  const raw = { name: 'ci', expires_on: '2027-01-31T00:00:00.000Z' }
  expect(write(raw, { expiresOn: '2027-01-31' })).toEqual(raw)
})

test('custom rate limits are written as numbers at their paths, beside what is there', () => {
  const raw = { name: 'ci', rate_limit: { burst: 3 } }
  expect(write(raw, { rateLimits: { kind: 'custom', read: 5, write: 2 } })).toEqual({
    name: 'ci',
    rate_limit_enabled: true,
    rate_limit: { burst: 3, read: 5, write: 2 },
  })
})

test('a rate that stays goes back as it came', () => {
  const raw = { name: 'ci', rate_limit_enabled: 'true', rate_limit: { read: '5', write: '2' } }
  expect(write(raw, { rateLimits: { kind: 'custom', read: 5, write: 9 } })).toEqual({
    ...raw,
    rate_limit: { read: '5', write: 9 },
  })
})

test("the organisation's limits switch custom ones off, and leave the numbers", () => {
  const raw = { name: 'ci', rate_limit_enabled: true, rate_limit: { read: 5, write: 2 } }
  expect(write(raw, { rateLimits: { kind: 'organisation' } })).toEqual({ ...raw, rate_limit_enabled: false })
})

test('rate limits are not written when their fields are not configured', () => {
  const asked = { rateLimits: { kind: 'custom', read: 5, write: 2 } } as const
  expect(() => write({ name: 'ci' }, asked, null)).toThrow(/rate-limit fields are not configured/)
})

test('no second entry is added next to one that is not understood', () => {
  const strange = { module: 'entry', acl: { read: true, create: true } }
  const raw = { name: 'ci', scope: [strange, main] }
  expect(() => write(raw, grant('none', { entry: 'read' }))).toThrow(/entry for "entry".*this update was not sent/)
  expect(write(raw, grant('none', { asset: 'read' })).scope).toContainEqual(strange)
})

test('scope entries that are not understood are never edited', () => {
  const raw = { name: 'ci', scope: [main, { module: 'variant', acl: { read: true } }] }
  expect(() => write(raw, { otherScope: [] })).toThrow(/never edits.*this update was not sent/)
})
