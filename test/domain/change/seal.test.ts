import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import type { Change } from '../../../src/domain/change/change.ts'
import { markOf, sealOf } from '../../../src/domain/change/seal.ts'
import { changeAfter, pending } from '../../support/changes.ts'
import { alice, bob, carol, requirement, settings } from '../../support/world.ts'

const at = '2026-06-01T10:00:00.000Z'
const sealed = sealOf(pending())

const changed: [string, Partial<Change>][] = [
  ['another change', { id: 43 }],
  ['another revision', { revision: 2 }],
  ['another stack', { stack: 'shop' }],
  ['a stack that is known by another api_key', { stackKey: 'k' }],
  ['another token', { tokenUid: 't2' }],
  ['another rule', { requirement: { ...requirement(), rule: 'another' } }],
  ['another quorum', { requirement: requirement([bob, carol], 2) }],
  ['other approvers', { requirement: requirement([bob]) }],
  ['another policy', { requirement: { ...requirement(), policy: 'another' } }],
  ['another way to confirm', { requirement: { ...requirement(), confirm: true } }],
]

test.each(changed)('%s has another seal', (_, difference) => {
  expect(sealOf({ ...pending(), ...difference } as Change)).not.toBe(sealed)
})

const fields = {
  name: 'other',
  description: 'other',
  branches: ['other'],
  aliases: ['other'],
  permissions: { everything: 'read', modules: {} },
  expiresOn: null,
  emailNotice: false,
  rateLimits: { kind: 'ungoverned' },
  otherScope: ['{}'],
  otherExpiry: ['is_never_expires: true'],
  aliasTargets: { live: 'other' },
} as const

test.each(Object.entries(fields))('another %s, before or after, has another seal', (field, value) => {
  for (const side of ['before', 'after'] as const)
    expect(sealOf({ ...pending(), [side]: { ...pending()[side], [field]: value } })).not.toBe(sealed)
})

test('the same change has the same seal, whatever the order of its keys, as after a restart', () => {
  const other = turned(pending()) as Change
  expect(JSON.stringify(other)).not.toBe(JSON.stringify(pending()))
  expect(sealOf(other)).toBe(sealed)
})

test('what people do with a change, short of a new revision, leaves its seal alone', () => {
  const busy = changeAfter([
    { type: 'approved', at, by: bob, revision: 1, seal: sealed, comment: 'ok', quorum: false },
    { type: 'claimed', at, by: carol },
    { type: 'reminded', at, remindAt: at },
    { type: 'nudged', at, by: alice },
    { type: 'quorum_lost', at, lost: [], why: 'x' },
    { type: 'ruled_anew', at, today: requirement([carol]) },
    { type: 'set_aside', at, why: 'its stack is not configured' },
    { type: 'set_aside', at, why: null },
  ])
  expect(sealOf(busy)).toBe(sealed)
})

test('a seal is made as earlier versions made it, so that approvals survive an update of the app', () => {
  const { id, revision, stack, tokenUid, before, after, requirement } = pending()
  const text = canonicalJson({ id, revision, stack, tokenUid, before, after, requirement })
  expect(sealed).toBe(hash('sha256', `countersign seal 1\n${text}`))
})

test('a seal is a digest, so nothing of its content can be read or guessed from another', () => {
  expect(sealed).toMatch(/^[0-9a-f]{64}$/)
  expect(sealOf({ ...pending(), after: settings({ name: 'ci-releasf' }) }).slice(0, 8)).not.toBe(sealed.slice(0, 8))
})

/** The same, with the keys of every object in reverse order. */
function turned(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(turned)
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, turned(part)]),
  )
}

test.each([
  ['number', { id: 43 }],
  ['revision', { revision: 2 }],
  ['token', { tokenUid: 't2' }],
  ['moment of asking', { proposedAt: '2026-05-01T09:00:00.000Z' }],
  ['token as it is asked for', { after: settings({ name: 'other' }) }],
  ['moment of a backup that was put back', { putBackAt: '2026-06-02T09:00:00.000Z' }],
  ['token as it was', { before: settings({ name: 'other' }) }],
])('another %s has another mark', (_, difference) => {
  expect(markOf({ ...pending(), ...difference })).not.toBe(markOf(pending()))
})

test('a mark is made as earlier versions made it, so that the buttons of cards survive an update of the app', () => {
  expect(markOf(pending())).toBe('f6f15a4a85a2b3a0')
})

test('another name for a stack or a rule leaves the mark of a change alone', () => {
  const moved: Change = { ...pending(), stack: 'shop', requirement: { ...requirement(), rule: 'another' } }
  expect(markOf(moved)).toBe(markOf(pending()))
})
