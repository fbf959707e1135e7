import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/domain/change/change.ts'
import type { Judged } from '../../src/domain/policy/widening.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { headline, whatItDoes } from '../../src/words/headline.ts'
import { plainLine } from '../../src/words/plain.ts'
import { approvedBy, proposedAt as at, changeAfter, halfApprovedBy, pending } from '../support/changes.ts'
import { alice, bob, settings } from '../support/world.ts'

const said = (after: Partial<Settings>, before: Partial<Settings> = {}) =>
  plainLine(headline(pending({ before: settings(before), after: settings({ ...before, ...after }) })), (id) => `@${id}`)

const access = (modules: Settings['permissions']['modules']) => ({ everything: 'none' as const, modules })

test.each<[Partial<Settings>, string, Partial<Settings>?]>([
  [{ name: 'ci' }, 'Renames "ci-deploy" to "ci"'],
  [
    { permissions: access({ asset: 'write' }) },
    'Widens "ci-deploy": write on assets',
    { permissions: access({ asset: 'read' }) },
  ],
  [
    { permissions: access({ asset: 'read' }) },
    'Narrows "ci-deploy": loses write on assets',
    { permissions: access({ asset: 'write' }) },
  ],
  [
    { branches: ['main', 'a', 'b', 'c', 'd'] },
    'Widens "ci-deploy": branch "a", "b", "c" and 1 more',
    { branches: ['main'] },
  ],
  [
    { branches: ['main'] },
    'Narrows "ci-deploy": no longer reaches branch "a"',
    { branches: ['main', 'a'], aliases: [] },
  ],
  [{ branches: ['main'] }, 'Adds the first branches to "ci-deploy"', { branches: [], aliases: [] }],
  [{ expiresOn: '2027-01-31' }, 'Extends "ci-deploy" to 31 Jan 2027', { expiresOn: '2027-01-01' }],
  [{ expiresOn: '2027-01-01' }, 'Shortens "ci-deploy" to 1 Jan 2027', { expiresOn: '2027-01-31' }],
  [
    { expiresOn: '2027-01-31T10:30:00.000Z' },
    'Extends "ci-deploy" to 2027-01-31 10:30 UTC',
    { expiresOn: '2027-01-01' },
  ],
  [{ expiresOn: null }, 'Removes the expiry of "ci-deploy"', { expiresOn: '2027-01-31' }],
  [{ expiresOn: '2027-01-31' }, 'Sets an expiry for "ci-deploy": 31 Jan 2027', { expiresOn: null }],
  [
    { rateLimits: { kind: 'custom', read: 9, write: 50 } },
    'Raises the read limit of "ci-deploy" to 9 a second',
    { rateLimits: { kind: 'custom', read: 5, write: 50 } },
  ],
  [{ description: 'new' }, 'Changes "ci-deploy": Description'],
  [
    { name: 'ci', expiresOn: null, description: 'new' },
    'Removes the expiry of "ci-deploy", and 2 more',
    { expiresOn: '2027-01-31' },
  ],
  [
    { branches: ['main', 'b'] },
    'Widens and narrows "ci-deploy": branch "b", and 1 more',
    { branches: ['main', 'a'], aliases: [] },
  ],
  [
    { branches: ['main'], expiresOn: '2027-01-31' },
    'Extends "ci-deploy" to 31 Jan 2027, and narrows it',
    { branches: ['main', 'a'], aliases: [], expiresOn: '2027-01-01' },
  ],
  [
    { branches: ['main'], expiresOn: '2027-01-31', name: 'ci' },
    'Extends "ci-deploy" to 31 Jan 2027, and 2 more, 1 of which narrows it',
    { branches: ['main', 'a'], aliases: [], expiresOn: '2027-01-01' },
  ],
  [
    { branches: [], name: 'ci', permissions: access({}) },
    'Removes the last branches from "ci-deploy", and 2 more, 1 of which narrows it',
    { branches: ['main'], aliases: [], permissions: access({ asset: 'write' }) },
  ],
])('%j is described as: %s', (after, words, before = {}) => {
  expect(said(after, before)).toBe(words)
})

describe('a token that had expired', () => {
  const had = { expiresOn: '2020-01-31' }

  test.each<[Partial<Settings>, string]>([
    [{ expiresOn: '2027-01-31' }, 'Makes "ci-deploy" work again, until 31 Jan 2027'],
    [{ expiresOn: null }, 'Makes "ci-deploy" work again, with no expiry'],
    [
      { expiresOn: '2027-01-31', permissions: access({ asset: 'write' }), branches: [], aliases: [] },
      'Makes "ci-deploy" work again, until 31 Jan 2027, and 4 more, 2 of which narrow it',
    ],
    [{ name: 'ci' }, 'Renames "ci-deploy" to "ci"'],
  ])('%j makes it work again, which is said before anything else: %s', (after, words) => {
    expect(said(after, had)).toBe(words)
  })

  test('counts as one that works again only if it had expired when that was asked for, shown, or ended', () => {
    const edit = { before: settings({ expiresOn: '2027-01-31' }), after: settings({ expiresOn: '2028-01-31' }) }
    const told = (judged: Partial<Judged>) => plainLine(whatItDoes({ ...edit, ...judged }), String)
    expect(told({ revisedAt: '2027-01-30T23:59:59Z' })).toContain('Extends')
    expect(told({ revisedAt: '2027-01-31T00:00:00Z' })).toContain('work again')
    expect(told({ revisedAt: '2027-01-01T00:00:00Z', asOf: '2027-02-01T00:00:00Z' })).toContain('work again')
    expect(told({ revisedAt: '2027-01-01T00:00:00Z', endedAt: '2027-02-01T00:00:00Z' })).toContain('work again')
  })
})

test('the outcome comes first, once there is one', () => {
  const told = (change: Change) => plainLine(headline(change), (id) => `@${id}`)
  expect(told(halfApprovedBy([bob]))).toBe('Renames "ci-deploy" to "ci-release"')
  expect(told(approvedBy([bob]))).toBe('Approved: renames "ci-deploy" to "ci-release"')
  expect(told(changeAfter([{ type: 'rejected', by: bob, at, reason: 'No' }]))).toBe(
    'Rejected by @U0BOB: renames "ci-deploy" to "ci-release"',
  )
  expect(told(changeAfter([{ type: 'cancelled', by: alice, at }]))).toBe(
    'Cancelled by @U0ALICE: renames "ci-deploy" to "ci-release"',
  )
})

test('a long or hostile name takes no more than its place', () => {
  const name = '\u202e'.repeat(50)
  const line = said({ name: `${name}x` }, { name })
  expect(line.length).toBeLessThan(150)
  expect(line).toMatch(/^Renames "⟨U\+202E⟩.*…" to "⟨U\+202E⟩.*…"$/)
})
