import { expect, test } from 'vitest'
import type { Seen } from '../../src/domain/change/act.ts'
import { cancel } from '../../src/domain/change/cancelling.ts'
import type { Change } from '../../src/domain/change/change.ts'
import { approve, reject } from '../../src/domain/change/deciding.ts'
import type { Electorate } from '../../src/domain/change/electorate.ts'
import { claim } from '../../src/domain/change/looking.ts'
import { nudge } from '../../src/domain/change/reminders.ts'
import { amend, rebase } from '../../src/domain/change/revising.ts'
import { markOf } from '../../src/domain/change/seal.ts'
import { takeOver } from '../../src/domain/change/take-over.ts'
import { changeAfter, electorate, pending, revised } from '../support/changes.ts'
import { refusalOf } from '../support/refusal.ts'
import { alice, bob, settings } from '../support/world.ts'

const at = '2026-06-01T10:00:00.000Z'
const all = electorate(pending())
const drifted = changeAfter([{ type: 'drift_found', at, live: settings({ description: 'By hand' }) }])
const orphaned: Electorate = { ...all, barredAskers: [{ by: alice, why: 'left' }] }
const acts: Record<string, { on: Change; does: (change: Change, seen: Seen) => unknown }> = {
  approved: { on: pending(), does: (change, seen) => approve(change, { ...seen, by: bob, at, comment: '' }, all) },
  rejected: { on: pending(), does: (change, seen) => reject(change, { ...seen, by: bob, at, reason: 'No' }, all) },
  cancelled: { on: pending(), does: (change, seen) => cancel(change, alice, at, seen) },
  edited: {
    on: pending(),
    does: (change, seen) => amend(change, { ...seen, by: alice, at }, revised, { now: all, next: all }),
  },
  claimed: { on: pending(), does: (change, seen) => claim(change, { ...seen, by: bob, at }, all) },
  'nudged about': { on: pending(), does: (change, seen) => nudge(change, { ...seen, by: alice, at }, 0) },
  rebased: { on: drifted, does: (change, seen) => rebase(change, { ...seen, by: alice, at }, revised, all) },
  'taken over': {
    on: pending(),
    does: (change, seen) => takeOver(change, { ...seen, by: bob, at }, revised, { now: orphaned, next: all }),
  },
}

test.each(Object.keys(acts))(
  'nothing is %s by whoever had another change of the same number before them, or this one as it was before a backup was put back',
  (act) => {
    const { on, does } = acts[act]!
    const others = [
      { ...on, proposedAt: '2026-05-01T10:00:00.000Z' },
      { ...on, after: settings({ name: 'ci-9' }) },
      { ...on, putBackAt: '2026-06-01T09:30:00.000Z' },
    ]
    for (const mark of [...others.map(markOf), ''])
      expect(refusalOf(() => does(on, { revision: on.revision, mark }))).toMatchObject({
        code: 'wrong_status',
        message: expect.stringContaining('is not what is stored as change #'),
      })
    expect(() => does(on, { revision: on.revision, mark: markOf(on) })).not.toThrow()
    expect(() => does(on, { revision: on.revision })).not.toThrow()
  },
)
