import { expect, test } from 'vitest'
import type { Settings } from '../../../src/domain/token/token.ts'
import { type TokenPage, tokenPageView } from '../../../src/slack/token-page/page.ts'
import type { PastShown } from '../../../src/slack/token-page/past.ts'
import { settings } from '../../support/world.ts'
import { asked } from '../kit/asked.ts'
import { buttonsIn, parts, reading, stored } from '../kit/drawn.ts'

const now = new Date('2026-06-01T09:00:00.000Z')
const none = { shown: [], skipped: 0, total: 0 }

function page(changes: Partial<Settings> = {}, rest: Partial<TokenPage> = {}) {
  const token = { stack: 'website', uid: 'cs1', settings: settings(changes) }
  return tokenPageView({ token, stackTitle: 'Website', open: [], past: none, now, ...rest })
}

function edit(changes: Partial<Settings> = {}): PastShown {
  const fact = { type: 'outside_edit', stack: 'website', tokenUid: 'cs1', by: null, editedAt: null } as const
  const both = { before: settings(), after: settings({ description: 'by hand', ...changes }) }
  return { entry: { kind: 'edit', edit: { seq: 9, at: now.toISOString(), fact: { ...fact, ...both } } }, link: null }
}

test('a token is described by what it can do, where, and until when', () => {
  expect(reading(page().blocks)).toBe(
    [
      'ci-deploy',
      'Stack: Website. uid: cs1',
      'Description: Deploys from CI',
      'What it can do',
      'Reads and writes: Entries',
      'Reads: Content types',
      "Rate limits: the organisation's",
      'Where',
      'Branches: development, main',
      'Branch aliases: live',
      'Until when',
      'Expires: 2027-01-31 (it stops working 2027-01-31 00:00 UTC)',
      'E-mail 7 days before expiry: yes',
      'Edit',
      'Open changes',
      'There are none.',
      'History',
      'No change to this token has ended yet, and no edit made elsewhere was seen.',
    ].join('\n'),
  )
})

test.each<[string, Partial<Settings>, string]>([
  [
    'all',
    { permissions: { everything: 'write', modules: { entry: 'read' } } },
    'Whole stack: read and write\nReads: Entries',
  ],
  ['nothing', { permissions: { everything: 'none', modules: {} } }, 'What it can do\nNothing.'],
  [
    'only what is not understood',
    { permissions: { everything: 'none', modules: {} }, otherScope: ['{"module":"magic"}'] },
    'What it can do\nOnly what is listed below as kept.',
  ],
  [
    'something kept',
    { otherScope: ['{"module":"magic"}'] },
    'Kept as they are: 1 scope entry that Countersign does not understand\n{"module":"magic"}',
  ],
  [
    'something until when nobody here understands',
    { otherExpiry: ['is_never_expires: true'] },
    'A field that Countersign does not understand, below, may say otherwise.',
  ],
  [
    'something until when nobody here understands',
    { otherExpiry: ['is_never_expires: true'] },
    'Kept as they are: 1 field about expiry that Countersign does not understand\nis_never_expires: true',
  ],
  ['for ever', { expiresOn: null }, 'Expires: never'],
  [
    'not any more',
    { expiresOn: '2026-06-01' },
    '(it stopped working 2026-06-01 00:00 UTC). It has expired, and no longer works.',
  ],
  ['a long name', { name: `${'n'.repeat(200)}.` }, `${'n'.repeat(200)}.\nStack`],
])('a token that can do %s says so', (_, changes, said) => {
  expect(reading(page(changes).blocks)).toContain(said)
})

test('a token that has not expired yet is not said to have', () => {
  expect(reading(page({ expiresOn: '2026-06-02' }).blocks)).not.toContain('It has expired')
})

test('an edit without a known person says so, with what it meant', () => {
  const said = reading(page({}, { past: { shown: [edit({ expiresOn: null })], skipped: 0, total: 1 } }).blocks)
  expect(said).toContain(
    'Edited elsewhere by somebody the stack does not name, found 2026-06-01 09:00 UTC.\nWidens: no longer expires',
  )
})

test('a value too long to be shown whole is cut, and marked as cut', () => {
  const past = { shown: [edit({ description: 'x'.repeat(9000) }), edit()], skipped: 0, total: 2 }
  const said = reading(page({ description: 'y'.repeat(26_000) }, { past }).blocks)
  expect(said).toContain(
    `${'x'.repeat(79)}…\nIt is too long to show in full here: Contentstack and the audit log have all of it.`,
  )
  expect(said).toContain('Description (its first 300 characters; 25,700 more left out):')
  expect(said.match(/too long/g)).toHaveLength(1)
})

test('only what reached the stack can be undone, and each button says what it undoes', () => {
  const change = asked()
  const at = now.toISOString()
  const lease = { holder: 'first', until: at }
  const ends = [
    { status: 'applied', endedAt: at, written: true },
    { status: 'failed', endedAt: at, why: 'no' },
    { status: 'rejected', endedAt: at, rejectedBy: 'U0BOB', rejection: 'no' },
    { status: 'cancelled', endedAt: at, cancelledBy: 'U0ALICE' },
    { status: 'expired', endedAt: at },
  ].map((end, i): PastShown => {
    const ended = { ...change, ...end, id: i + 1, lease } as never
    return { entry: { kind: 'change', stored: stored(ended) }, link: null }
  })
  const { blocks } = page({}, { past: { shown: [...ends, edit()], skipped: 0, total: 6 } })
  const buttons = parts(blocks).filter(({ action_id }) => action_id === 'revert')
  expect(buttons.map(({ value, accessibility_label }) => [value, accessibility_label])).toEqual([
    ['change:1', 'Revert to before this: change #1'],
    ['change:2', 'Revert to before this: change #2'],
    ['edit:9', 'Revert to before this: an edit made elsewhere'],
  ])
})

test('pages can be turned if there are more, from the entries that are shown', () => {
  const shown = [edit(), edit()]
  const turning = (skipped: number, total: number) =>
    buttonsIn(page({}, { past: { shown, skipped, total } }).blocks).slice(3)
  expect(turning(0, 2)).toEqual([])
  expect(turning(0, 3)).toEqual(['older_past'])
  expect(turning(2, 4)).toEqual(['newer_past'])
  expect(turning(2, 5)).toEqual(['newer_past', 'older_past'])
})
