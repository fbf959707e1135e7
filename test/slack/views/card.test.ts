import { describe, expect, test } from 'vitest'
import { type Change, evolve } from '../../../src/domain/change.ts'
import type { Policy } from '../../../src/domain/policy.ts'
import { changeCard } from '../../../src/slack/views/card.ts'
import { applying, approvedBy, proposedAt as at, changeAfter, inEveryStatus, pending } from '../../support/changes.ts'
import { alice, bob, carol, mallory, policy, policyOfTwo, settings } from '../../support/world.ts'
import { buttonsIn, parts, reading, stored } from './drawn.ts'

function card(change: Change, held: Policy = policy) {
  return changeCard(stored(change), { policy: held, stackTitle: 'Website' })
}

const read = (change: Change, held?: Policy) => reading(card(change, held).blocks)
const approvedOnce = (by: string) => changeAfter([{ type: 'approved', at, by, revision: 1, quorum: false }])

test('a card says what would be written, why, who asked and who is asked', () => {
  expect(read(pending())).toBe(
    [
      '#42 · ci-deploy',
      'This change is waiting for 1 approval.',
      'Token: ci-deploy',
      'Stack: Website',
      'Asked for by @U0ALICE 2026-06-01 09:00 UTC',
      'Reason',
      'The pipeline moved',
      'What will be written',
      'Name: ci-deploy → ci-release',
      'Asked: @U0BOB, @U0CAROL',
      'Approve',
      'Reject…',
      'Cancel',
    ].join('\n'),
  )
})

test('the text of a card is one complete sentence for those who see no blocks', () => {
  expect(card(pending()).text).toBe(
    'Change #42 to token ci-deploy on Website by <@U0ALICE> is waiting for 1 approval. It asks for: Name from ci-deploy to ci-release.',
  )
})

describe('buttons', () => {
  test('there are buttons exactly while something can be decided', () => {
    const shown = inEveryStatus().map((change) => [change.status, buttonsIn(card(change))])
    expect(Object.fromEntries(shown)).toEqual({
      pending: ['approve', 'reject', 'cancel'],
      approved: ['cancel'],
      applying: [],
      applied: [],
      failed: [],
      drifted: [],
      rejected: [],
      cancelled: [],
    })
  })

  test('each carries the change and its revision, and says to a screen reader what it is for', () => {
    const buttons = parts(card({ ...pending(), revision: 3 })).filter((part) => part.type === 'button')
    expect(buttons.map((button) => button.value)).toEqual(['42:3', '42:3', '42:3'])
    expect(buttons.map((button) => button.accessibility_label)).toEqual([
      'Approve change #42',
      'Reject change #42',
      'Cancel change #42',
    ])
    expect(buttons.map((button) => button.style)).toEqual(['primary', undefined, undefined])
  })
})

describe('where it stands', () => {
  test('who approved and how many are still needed', () => {
    expect(read(pending(), policyOfTwo)).toContain('This change is waiting for 2 approvals.')
    const once = read(approvedOnce(bob), policyOfTwo)
    expect(once).toContain('This change is waiting for 1 more approval.')
    expect(once).toContain('Approved by @U0BOB 2026-06-01 09:00 UTC\nAsked: @U0CAROL')
  })

  test('an approval of somebody who may no longer decide is shown as not counting', () => {
    const text = read(approvedOnce(mallory), policyOfTwo)
    expect(text).toContain('This change is waiting for 2 more approvals.')
    expect(text).toContain('Approved by @U0MALLORY 2026-06-01 09:00 UTC (no longer counts: not an approver now)')
  })

  test('a change that too few people may approve says so', () => {
    expect(read(pending(), { approvers: [alice, bob], approvals: 2 })).toContain(
      "Only 1 person may still approve it, so it can't go on: ask whoever runs Countersign to add approvers.",
    )
    expect(read(pending(), { approvers: [alice], approvals: 1 })).toContain('Nobody is left who may approve it')
  })

  test('an interrupted apply says why and when it is tried again', () => {
    const again = evolve(applying(), {
      type: 'apply_interrupted',
      at,
      why: 'the stack is down',
      retryAt: '2026-06-01T09:05:00.000Z',
    })
    const text = read(again)
    expect(text).toContain('is approved but not applied yet; the next try is due 2026-06-01 09:05 UTC.')
    expect(text).toContain('the stack is down')
  })

  const end = (event: Parameters<typeof evolve>[1]) => read(evolve(applying(), event))

  test('each end is told with its reason, its time and its person', () => {
    expect(read(approvedBy([bob]))).toContain('This change is approved and about to be applied.')
    expect(read(applying())).toContain('This change is approved and being applied now.')
    expect(end({ type: 'applied', at, written: true })).toContain('This change was applied 2026-06-01 09:00 UTC.')
    expect(end({ type: 'applied', at, written: false })).toContain(
      'the token already was as asked for, so nothing was written.',
    )
    expect(end({ type: 'apply_refused', at, why: 'the name is taken' })).toContain(
      'did not take it as asked.\nWhy:\nthe name is taken',
    )
    expect(read(evolve(pending(), { type: 'rejected', at, by: carol, reason: 'not now' }))).toContain(
      'This change was rejected by @U0CAROL 2026-06-01 09:00 UTC.\nThe reason given:\nnot now',
    )
    expect(read(evolve(pending(), { type: 'cancelled', at, by: alice }))).toContain(
      'This change was cancelled by @U0ALICE 2026-06-01 09:00 UTC; nothing was written.',
    )
  })

  test('a stopped change shows each field as it was, as it is and as it was asked for', () => {
    const text = end({ type: 'drift_found', at, live: settings({ name: 'by-hand', emailNotice: false }) })
    expect(text).toContain('the token had been changed elsewhere, and nothing was overwritten.')
    expect(text).toContain('Name, when asked: ci-deploy\nName, now: by-hand\nName, asked for: ci-release')
    expect(text).toContain('E-mail 7 days before expiry, now: no')
    expect(text).not.toContain('Branches, now')
  })
})

describe('what would be written', () => {
  const asks = (before: Parameters<typeof settings>[0], after: Parameters<typeof settings>[0]) =>
    pending({ before: settings(before), after: settings(after) })

  test('a long new value is shown to its last character, and of the old one only the start', () => {
    const long = `${'new '.repeat(1500)}END`
    const change = asks({ description: 'old '.repeat(500) }, { description: long })
    const text = read(change)
    expect(text).toContain('before (its first 300 characters; 1,700 more left out):')
    expect(text.replaceAll('\n', '')).toContain(long)
    expect(text).not.toContain('old '.repeat(76))
  })

  test('a long list says what comes and what goes', () => {
    const names = Array.from({ length: 10 }, (_, i) => `b${i}`)
    const text = read(asks({ branches: names }, { branches: [...names.slice(1), 'extra'] }))
    expect(text).toContain('Added (1): extra\nRemoved (1): b0')
    expect(read(asks({ branches: names }, { branches: names.slice(1) }))).toContain('Added: none\nRemoved (1): b0')
    expect(read(asks({ branches: ['a'] }, { branches: ['b'] }))).not.toContain('Removed')
  })

  test('a value of several lines stands apart from the words of the app', () => {
    const change = asks({}, { description: 'harmless\nWhole stack: no access → no access' })
    const apart = parts(card(change).blocks).filter((part) => part.type === 'rich_text_preformatted')
    expect(apart).toHaveLength(2)
    expect(JSON.stringify(apart[1])).toContain('harmless\\nWhole stack: no access → no access')
  })

  test('a short value is set as code, so that it can not pass for the words around it', () => {
    const change = asks({ name: 'a' }, { name: 'b → read' })
    const leaf = parts(card(change).blocks).find((part) => part.text === 'b → read')
    expect(leaf?.style).toEqual({ code: true })
  })

  test('a bare expiry date says when on that day the token stops', () => {
    expect(read(asks({}, { expiresOn: '2027-03-01' }))).toContain(
      'Expires: 2027-01-31 → 2027-03-01 (it stops working at midnight UTC as that day begins)',
    )
  })

  test('scope entries that nobody here understands are shown as kept', () => {
    const otherScope = ['{"module":"magic"}', '{"module":"wand"}']
    const text = read(asks({ otherScope }, { otherScope, name: 'b' }))
    expect(text).toContain(
      'Kept as they are: 2 scope entries that Countersign does not understand\n{"module":"magic"}\n{"module":"wand"}',
    )
  })

  test('in the text every field that has no room is counted', () => {
    const change = asks({}, { name: '<'.repeat(3000), description: '&'.repeat(3000) })
    expect(card(change).text).toContain(`Name from ci-deploy to ${'&lt;'.repeat(59)}…; Description`)
    expect(card(change).text.length).toBeLessThanOrEqual(3900)
  })
})
