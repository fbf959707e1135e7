import { expect, test } from 'vitest'
import { cancel } from '../../../src/domain/change/cancelling.ts'
import type { Change } from '../../../src/domain/change/change.ts'
import { approve, reject } from '../../../src/domain/change/deciding.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { claim } from '../../../src/domain/change/looking.ts'
import { nudge } from '../../../src/domain/change/reminders.ts'
import { rebase } from '../../../src/domain/change/revising.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import { takeOver } from '../../../src/domain/change/take-over.ts'
import { electorate, pending, proposedAt, revised } from '../../support/changes.ts'
import { alice, bob, carol, dave, settings } from '../../support/world.ts'

const where = { channel: 'C1', message: '17.5', ts: '1796000000.123456' }
const act = (by: string) => ({ by, revision: 1, at: '2026-06-01T10:00:00.000Z', comment: '', reason: 'no' })
const some = electorate(pending(), {}, { people: [bob, carol, dave], quorum: 2 })
const left = { ...some, barredAskers: [{ by: alice, why: 'she left' }] }
const drifted = evolve(pending(), { type: 'drift_found', at: proposedAt, live: settings({ description: 'other' }) })

type Act = ReturnType<typeof act> & { readonly where?: typeof where }

const decisions: [string, Change, (change: Change, where?: object) => ChangeEvent | null][] = [
  ['an approval', pending(), (change, more) => approve(change, pressedBy(bob, more), some)],
  ['a rejection', pending(), (change, more) => reject(change, pressedBy(bob, more), some)],
  ['a word that somebody is looking', pending(), (change, more) => claim(change, pressedBy(bob, more), some)],
  ['a nudge', pending(), (change, more) => nudge(change, pressedBy(alice, more), 1)],
  ['a cancellation', pending(), (change, more) => cancel(change, alice, proposedAt, pressedBy(alice, more))],
  ['a rebase', drifted, (change, more) => rebase(change, pressedBy(alice, more), revised, some)],
  [
    'a take-over',
    pending(),
    (change, more) => takeOver(change, pressedBy(bob, more), revised, { now: left, next: some }),
  ],
]

function pressedBy(person: string, more: object = {}): Act {
  return { ...act(person), ...more }
}

test.each(decisions)('%s keeps where and when it was pressed, and what was shown', (_, change, decide) => {
  expect(decide(change, { where })).toMatchObject({ pressed: { ...where, revision: 1, seal: sealOf(change) } })
})

test.each(decisions)('%s at a terminal has no such evidence', (_, change, decide) => {
  expect(decide(change)).not.toHaveProperty('pressed')
})

test.each(decisions)('the change that %s leads to does not repeat the evidence', (_, change, decide) => {
  const [pressed, typed] = [decide(change, { where }), decide(change)].map((event) => evolve(change, event!))
  expect(pressed).toEqual(typed)
})
