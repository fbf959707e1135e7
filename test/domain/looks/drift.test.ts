import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { moversInWords } from '../../../src/domain/change/status.ts'
import { type Look, noticeDrift } from '../../../src/domain/looks/drift.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { answeredWith, inEveryStatus, pending, proposedAt } from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const before = settings()
const other = dated(settings({ description: 'edited by hand' }))
const at = '2026-06-01T09:10:00.000Z'
const later = '2026-06-01T09:20:00.000Z'

describe('a look at the token of a change that has not begun to be applied', () => {
  const seen = { began: at, since: at, at, recent: [] }

  test('finds drift while it waits for approvals, and only if the token has moved by meaning', () => {
    expect(noticeDrift(pending(), other, seen)).toEqual({ type: 'drift_found', at, live: other.settings })
    expect(noticeDrift(pending(), dated(before), seen)).toBeNull()
    expect(noticeDrift(pending(), dated({ ...before, branches: ['development', 'main'] }), seen)).toBeNull()
  })

  test('says that it may be older if the stack does not say when the token was edited', () => {
    const event = noticeDrift(pending(), { ...other, editedAt: null }, seen) as Extract<
      ChangeEvent,
      { type: 'drift_found' }
    >
    expect(event).toEqual({ type: 'drift_found', at, live: other.settings, undated: true })
    expect(moversInWords(event, 1)).toBe('elsewhere, or the stack showed it as it was earlier')
    expect(moversInWords({ ...event, by: [2], elsewhere: false }, 1)).toBe('by #2')
    expect(moversInWords({}, 1)).toBe('elsewhere')
  })

  test('means nothing if it began before the current request was made', () => {
    expect(noticeDrift(pending(), other, { ...seen, began: proposedAt })).toBeNull()
    expect(noticeDrift(pending(), other, seen)).toMatchObject({ type: 'drift_found' })
  })

  test('means nothing if the clock was set back while it was under way', () => {
    expect(noticeDrift(pending(), other, { ...seen, began: later })).toBeNull()
  })

  test('may show what any other has sent, if the clock was set back to before the change was asked for', () => {
    const sent = answeredWith({ kind: 'taken' })
    const longAgo = sent.sends!.map((send) => ({ ...send, until: '2026-06-01T08:00:00.000Z' }))
    const failed = {
      ...evolve(sent, { type: 'apply_refused', at: proposedAt, why: 'kept some' }),
      sends: longAgo,
      id: 9,
    }
    const endOfDay = dated({ ...before, expiresOn: '2027-01-31T23:59:59.999Z' })
    const earlier = '2026-06-01T08:30:00.000Z'
    const among = { recent: [failed as Change] }
    expect(noticeDrift(pending(), endOfDay, { ...among, at: earlier, began: earlier, since: earlier })).toMatchObject({
      perhaps: [9],
    })
    expect(noticeDrift(pending(), endOfDay, { ...seen, ...among })).not.toHaveProperty('perhaps')
  })

  test('is ignored in any other status: applying looks for itself', () => {
    const stopped = inEveryStatus().filter((change) => noticeDrift(change, other, seen) !== null)
    expect(stopped.map(({ status }) => status)).toEqual(['pending'])
  })
})

function dated(settings: Settings): Look {
  return { settings, editedAt: '2026-06-01T09:00:00.000Z' }
}
