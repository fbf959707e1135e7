import { expect, test } from 'vitest'
import type { Change } from '../../src/domain/change/change.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { headline } from '../../src/words/headline.ts'
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
  [{ branches: ['main'] }, 'Names the first branches of "ci-deploy"', { branches: [], aliases: [] }],
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
    'Names no branch any longer for "ci-deploy", and 2 more, 1 of which narrows it',
    { branches: ['main'], aliases: [], permissions: access({ asset: 'write' }) },
  ],
])('%j is told as: %s', (after, words, before = {}) => {
  expect(said(after, before)).toBe(words)
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
