import { describe, expect, test } from 'vitest'
import { type Fact, fact } from '../../src/domain/audit/fact.ts'
import { change } from '../../src/domain/change/change.ts'
import { type ChangeEvent, changeEvent } from '../../src/domain/change/event.ts'
import { evolve } from '../../src/domain/change/evolve.ts'
import { passOverRefusal, Refusal } from '../../src/domain/refusal.ts'
import { stackFacts } from '../../src/domain/token/token.ts'
import { applying, approval, proposedAt as at, inEveryStatus, lease, pending } from '../support/changes.ts'
import { alice, bob, facts, proposal, settings } from '../support/world.ts'

const { before, after, reason, requirement, expiresAt, remindAt } = proposal()
const reverts = { kind: 'change', number: 7 } as const
const revised = { before, after, reason, requirement, expiresAt, remindAt }

const events: ChangeEvent[] = [
  { type: 'proposed', at, ...proposal({ reverts }) },
  { type: 'proposed', at, ...proposal({ reverts: { kind: 'edit', number: 7 } }) },
  approval(bob, pending(), { comment: 'looks right' }),
  { type: 'rejected', at, by: bob, reason: 'no' },
  { type: 'cancelled', at, by: alice },
  { type: 'expired', at },
  { type: 'amended', at, by: alice, ...revised, voids: [bob] },
  { type: 'rebased', at, by: alice, ...revised, voids: [] },
  { type: 'claimed', at, by: bob },
  { type: 'reminded', at, remindAt: at },
  { type: 'nudged', at, by: alice },
  { type: 'quorum_lost', at, lost: [{ by: bob, why: 'left' }], why: '1 more' },
  { type: 'ruled_anew', at, today: requirement },
  { type: 'ruled_anew', at, today: { forbidden: 'Protected.' } },
  { type: 'ruled_anew', at, today: null },
  { type: 'set_aside', at, why: 'its stack is not configured' },
  { type: 'set_aside', at, why: null },
  { type: 'put_back', at, by: 'operator:root', voids: [bob] },
  { type: 'apply_started', at, lease, seal: 's' },
  { type: 'applied', at, written: true },
  { type: 'apply_interrupted', at, why: 'busy', retryAt: at },
  { type: 'apply_refused', at, why: 'no' },
  { type: 'drift_found', at, live: settings() },
]

const noted: Fact[] = [
  { type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'no' },
  { type: 'started', version: '1.0.0' },
  { type: 'stopped' },
  { type: 'policy_loaded', stack: 'website', digest: 'd', rules: ['wider'] },
  { type: 'settings_changed', digest: 'd', settings: {} },
  { type: 'stacks_known', stacks: [{ id: 'website', name: 'site', key: 'k' }], former: [] },
  { type: 'outside_edit', stack: 'website', tokenUid: 't1', before, after, by: null, editedAt: null },
  { type: 'outside_edit_seen', edit: 7 },
  { type: 'stack_connected', stack: 'website', clientId: 'c' },
  { type: 'log_verified', intact: true, complete: null, size: 7, head: 'h' },
  { type: 'log_put_back', size: 7, head: 'h' },
  { type: 'log_exported', format: 'csv', entries: 7 },
]

const reread = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/**
 * The same without each of its parts in turn, at any depth. Lists may be empty, and so may records of modules; changes
 * from before these were kept say neither what they undo nor whose approvals are void.
 */
function withoutOne(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, part]) => {
    if (key === 'modules' || key === 'voids') return []
    const { [key]: _, ...rest } = value as Record<string, unknown>
    return [...(key === 'reverts' ? [] : [rest]), ...withoutOne(part).map((less) => ({ ...rest, [key]: less }))]
  })
}

test.each(['amended', 'rebased'])(
  'an event of the type %s from before it named the voided approvals is still read',
  (type) => {
    const event = { type, at, by: alice, ...revised }
    expect(changeEvent.parse(reread(event))).toStrictEqual({ ...event, voids: [] })
  },
)

describe('what is kept is read back as it was', () => {
  test.each(events)('the event $type, and with any part missing it is refused', (event) => {
    expect(changeEvent.parse(reread(event))).toStrictEqual(event)
    for (const less of withoutOne(event)) expect(changeEvent.safeParse(less).success, JSON.stringify(less)).toBe(false)
  })

  test.each(noted)('the fact $type, and with any part missing it is refused', (noted) => {
    expect(fact.parse(reread(noted))).toStrictEqual(noted)
    for (const less of withoutOne(noted)) expect(fact.safeParse(less).success).toBe(false)
  })

  test.each([
    ...inEveryStatus(),
    evolve(applying(), { type: 'apply_interrupted', at, why: 'busy', retryAt: at }),
    change.parse({ ...pending(), lost: { approvals: [{ by: bob, why: 'left' }], why: '1 more' } }),
  ])('a change that is $status, and with any part missing it is refused', (kept) => {
    expect(change.parse(reread(kept))).toStrictEqual(kept)
    const lesser = withoutOne(kept).filter((less) => 'revisedAt' in (less as object) && 'today' in (less as object))
    for (const less of lesser) expect(change.safeParse(less).success, JSON.stringify(less)).toBe(false)
  })

  test('a change kept by the first release, which did not say since when it asks for what it does, is read as old', () => {
    const { revisedAt: _, ...kept } = pending()
    expect(change.parse(kept)).toEqual({ ...kept, revisedAt: '' })
  })

  test("a change from before it kept the current policy's answer, which says nothing", () => {
    const { today: _, ...kept } = pending()
    expect(change.parse(kept)).toEqual({ ...kept, today: null })
  })

  test.each([[requirement], [null]])('an edit, with what has to be met besides', (today) => {
    const edited = { type: 'amended', at, by: bob, ...revised, voids: [], today }
    expect(changeEvent.parse(reread(edited))).toStrictEqual(edited)
  })

  test('a requirement from before the policy was kept with it, with and without the digest', () => {
    for (const kept of [requirement, { ...requirement, policy: 'd' }])
      expect(change.parse(reread({ ...pending(), requirement: kept })).requirement).toStrictEqual(kept)
  })

  test('a change from before it kept what one undoes, which undoes nothing', () => {
    const [proposed] = events
    const { reverts: _, ...before } = proposed as Extract<ChangeEvent, { type: 'proposed' }>
    expect(changeEvent.parse(before)).toEqual({ ...before, reverts: null })
    const { reverts: __, ...kept } = pending()
    expect(change.parse(kept)).toEqual({ ...kept, reverts: null })
  })

  test('an approval or a lost one with any part missing is refused', () => {
    const { approvals } = applying()
    const lost = { by: bob, why: 'left' }
    const wrong = [
      ...withoutOne(approvals[0]).map((less) => ({ ...pending(), approvals: [less] })),
      ...withoutOne(lost).map((less) => ({ ...pending(), lost: { approvals: [less], why: '1 more' } })),
    ]
    for (const less of wrong) expect(change.safeParse(less).success).toBe(false)
  })

  test('the facts about a stack', () => {
    const kept = facts()
    expect(stackFacts.parse(reread(kept))).toStrictEqual(kept)
    for (const less of withoutOne(kept)) expect(stackFacts.safeParse(less).success).toBe(false)
  })
})

test.each([
  ['everything', { permissions: { everything: 'all', modules: {} } }],
  ['a module', { permissions: { everything: 'none', modules: { entry: 'all' } } }],
  ['a module that is not known', { permissions: { everything: 'none', modules: { novelty: 'read' } } }],
  ['rate limits', { rateLimits: { kind: 'none' } }],
])('settings with access or limits that are not known (%s) are refused', (_, wrong) => {
  expect(change.safeParse({ ...pending(), after: { ...settings(), ...wrong } }).success).toBe(false)
  const all = settings({ permissions: { everything: 'write', modules: { entry: 'read', asset: 'write' } } })
  const ungoverned = settings({ rateLimits: { kind: 'ungoverned' }, permissions: { everything: 'read', modules: {} } })
  expect(change.safeParse({ ...pending(), before: all, after: ungoverned }).success).toBe(true)
})

test('a refusal says that it is one, so that it is never taken for a bug', () => {
  expect(new Refusal('invalid', 'No.')).toMatchObject({ name: 'Refusal', code: 'invalid', message: 'No.' })
})

test('a refusal may be ignored, and nothing else may', () => {
  expect(passOverRefusal(new Refusal('invalid', 'No.'))).toBeUndefined()
  const bug = new Error('a bug')
  expect(() => passOverRefusal(bug)).toThrow(bug)
})
