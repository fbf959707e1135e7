import { expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { createCutOff } from '../../../src/workflow/apply/cut-off.ts'
import { applying, inEveryStatus } from '../../support/changes.ts'

const since = '2026-06-01T10:00:00.000Z'
const begun = { ...applying(), startedAt: '2026-06-01T09:59:00.000Z' }

const posted = { channel: 'C1', ts: '1.0', seq: 5 }

function world(change: Change, card: typeof posted | null = posted) {
  const found: unknown[] = []
  const behind: number[] = []
  const stored = { change, seq: 5, card, cardInDoubt: false, told: null }
  const cutOff = createCutOff({
    store: { openChanges: async () => [stored], cardFellBehind: async (id) => void behind.push(id) },
    processId: 'this one',
    since,
    isAtWork: (holder) => holder === 'beside this one',
    onFound: (...one) => found.push(one),
  })
  const isSaid = () => (cutOff.shown(stored).change as { cutOff?: boolean }).cutOff === true
  return { ...cutOff, isSaid, found, behind }
}

test('a change that another process had begun to apply is shown as cut off, and its card redrawn', async () => {
  const { find, isSaid, found, behind } = world(begun)
  expect(isSaid()).toBe(true)
  await find()
  expect([found, behind]).toEqual([[[begun.id, begun.lease.until]], [begun.id]])
})

const unseen = { why: 'the stack is down', lookAt: since }
const others = inEveryStatus().filter(({ status }) => status !== 'applying')
test.each<[string, Change]>([
  ['this process applies', { ...begun, lease: { ...begun.lease, holder: 'this one' } }],
  [
    'this process finishes with the settings before',
    { ...begun, lease: { ...begun.lease, holder: 'beside this one' } },
  ],
  ['another began since', { ...begun, startedAt: since }],
  ['is looked at again', { ...begun, unseen }],
  ['is set aside', { ...begun, setAside: 'it is not configured' }],
  ...others.map((change) => [`is ${change.status}`, change] as [string, Change]),
])('a change that %s is not', async (_, change) => {
  const { find, isSaid, found, behind } = world(change)
  await find()
  expect([isSaid(), found, behind]).toEqual([false, [], []])
})

test('a change without a card is reported, and has none to redraw', async () => {
  const { find, found, behind } = world(begun, null)
  await find()
  expect([found, behind]).toEqual([[[begun.id, begun.lease.until]], []])
})

test('alone in its process, it takes every other holder of a lease for one that is gone', () => {
  const store = { openChanges: async () => [], cardFellBehind: async () => {} }
  const { shown } = createCutOff({ store, processId: 'this one', since, onFound: () => {} })
  const stored = { change: begun, seq: 5, card: null, cardInDoubt: false, told: null }
  expect(shown(stored).change).toMatchObject({ cutOff: true })
})
