import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitsNothing, shadowedBy } from '../../../src/domain/policy/reach.ts'
import type { When } from '../../../src/domain/policy/when.ts'
import { ruleFor } from '../../../src/domain/policy/which-rule.ts'
import { someWhen, wideWhen } from '../../support/conditions.ts'
import { someSettings, stepFrom } from '../../support/settings.ts'
import { ask, bob, owners, policyOf } from '../../support/world.ts'

/** The positions of the earlier conditions that leave nothing to the last. */
function shadows(when: When, ...earlier: When[]): number[] {
  const rules = earlier.map((when, place) => ({ place, when }))
  return shadowedBy(when, rules).map(({ place }) => place)
}

describe('a rule behind another is never reached', () => {
  test.each<[When, When]>([
    [{}, {}],
    [{ writes: true }, {}],
    [{ verdict: ['widens'] }, { verdict: ['widens', 'both'] }],
    [{}, { verdict: ['neutral', 'widens', 'both', 'narrows'] }],
    [{ gains: ['write'] }, { verdict: ['widens', 'both'] }],
    [{ expiry: 'removed' }, { verdict: ['widens', 'both'] }],
    [{ rateLimits: 'raised' }, { verdict: ['widens', 'both'] }],
    [{ touches: ['main'] }, { verdict: ['widens', 'both', 'narrows'] }],
    [{ gains: ['entry'] }, { gains: ['entry', 'write'] }],
    [{ touches: ['release-7'] }, { touches: ['main', 'release-*'] }],
    [{ touches: ['release-7*'] }, { touches: ['release-*'] }],
    [{ expiry: 'removed' }, { expiry: { laterThanDays: 90 } }],
    [{ expiry: { laterThanDays: 90 } }, { expiry: { laterThanDays: 90 } }],
    [{ writes: true, token: ['ci-?'] }, { token: ['ci-?'] }],
    [{}, { token: ['*'] }],
    [{}, { stack: ['*'] }],
    [{ stack: ['website'] }, { stack: ['web*'] }],
    [{ requester: [bob] }, { requester: ['S0OWNERS', bob] }],
    [{ rateLimits: 'raised' }, { rateLimits: 'raised' }],
    [{ expiry: 'removed' }, { expiry: 'removed' }],
  ])('%j behind %j', (when, earlier) => {
    expect(shadows(when, earlier)).toEqual([0])
  })

  test('nor one after several that share what it fits', () => {
    const more: When = { verdict: ['widens', 'both'] }
    const less: When = { verdict: ['narrows'] }
    const words: When = { verdict: ['neutral'] }
    expect(shadows({}, more, { writes: true }, less, words)).toEqual([0, 2, 3])
    expect(shadows({}, more, less)).toEqual([])
  })
})

test.each<[When, When]>([
  [{}, { writes: true }],
  [{ writes: false }, { writes: true }],
  [{ verdict: ['widens', 'narrows'] }, { verdict: ['widens'] }],
  [{}, { verdict: ['widens', 'both'] }],
  [{ touches: ['main'] }, { verdict: ['widens', 'both'] }],
  [{ expiry: { laterThanDays: 90 } }, { verdict: ['widens', 'both'] }],
  [{ gains: ['entry', 'write'] }, { gains: ['entry'] }],
  [{ touches: ['release-*'] }, { touches: ['release-7'] }],
  [{ token: ['a*c'] }, { token: ['a?c'] }],
  [{ expiry: { laterThanDays: 30 } }, { expiry: { laterThanDays: 90 } }],
  [{ expiry: { laterThanDays: 90 } }, { expiry: 'removed' }],
  [{}, { expiry: 'removed' }],
  [{}, { rateLimits: 'raised' }],
  [{ requester: [bob] }, { requester: ['S0OWNERS'] }],
  [{}, { stack: ['website'] }],
  [{}, { token: ['ci-*'] }],
  [{}, { gains: ['write'] }],
  [{}, { touches: ['*'] }],
  [{}, { requester: [bob] }],
  [{}, { expiry: { laterThanDays: 90 } }],
])('a rule is reached where a change may get past the one before it: %j behind %j', (when, earlier) => {
  expect(shadows(when, earlier)).toEqual([])
})

test.each<[When, boolean]>([
  [{ verdict: ['narrows', 'neutral'], gains: ['write'] }, true],
  [{ verdict: ['neutral'], expiry: 'removed' }, true],
  [{ verdict: ['narrows'], rateLimits: 'raised' }, true],
  [{ verdict: ['neutral'], touches: ['main'] }, true],
  [{ verdict: ['narrows'], touches: ['main'] }, false],
  [{ verdict: ['neutral', 'both'], gains: ['write'] }, false],
  [{ verdict: ['neutral'], expiry: { laterThanDays: 90 } }, false],
  [{ verdict: ['widens'], gains: ['write'] }, false],
  [{ verdict: ['both'], gains: ['write'] }, false],
  [{}, false],
])('that conditions fit no change is seen where they need another verdict: %j: %s', (when, nothing) => {
  expect(fitsNothing(when)).toBe(nothing)
})

const requesterIs = fc.subarray([bob, owners])
const edit = someSettings.chain((before) => fc.record({ before: fc.constant(before), after: stepFrom(before) }))

test('whatever is asked for, no change meets a rule that is called unreachable', () => {
  let [shadowed, impossible] = [0, 0]
  fc.assert(
    fc.property(
      fc.array(wideWhen, { minLength: 1, maxLength: 3 }),
      someWhen,
      edit,
      requesterIs,
      (earlier, when, { before, after }, requesterIs) => {
        const out = shadows(when, ...earlier).length > 0
        shadowed += Number(out)
        impossible += Number(fitsNothing(when))
        if (!out && !fitsNothing(when)) return
        const rules = [...earlier.map((one) => ask([bob], 1, { when: one })), ask([bob], 1, { name: 'last', when })]
        const now = new Date('2026-06-01T09:00:00.000Z')
        const asked = { tokenUid: 't1', stack: 'website', requesterIs, now, before, after }
        expect(ruleFor(policyOf(rules), asked)?.name).not.toBe('last')
      },
    ),
    { numRuns: 3000 },
  )
  expect(Math.min(shadowed, impossible)).toBeGreaterThan(100)
})
