import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alwaysRefused } from '../../../src/domain/policy/always-refused.ts'
import * as choices from '../../../src/domain/policy/choices.ts'
import type { Choice, When } from '../../../src/domain/policy/when.ts'
import { ruleFor } from '../../../src/domain/policy/which-rule.ts'
import { effectsOf } from '../../../src/domain/policy/widening.ts'
import { instantOf } from '../../../src/domain/token/expiry.ts'
import { accessTo } from '../../../src/domain/token/reach-effects.ts'
import { modules, type Settings } from '../../../src/domain/token/token.ts'
import { someWhen, wideWhen } from '../../support/conditions.ts'
import { someSettings, stepFrom } from '../../support/settings.ts'
import { ask, bob, owners, policyOf, settings } from '../../support/world.ts'

const now = new Date('2026-06-01T09:00:00.000Z')
const known = { tokenUid: 't1', stack: 'website', requesterIs: [owners], now, before: settings() }
const refuse = (name: string, when: When) => ask([bob], 1, { name, when, outcome: { kind: 'refuse', because: 'No.' } })
const allow = (when: When) => ask([bob], 1, { when })
const why = (choice: Choice | null, ...rules: ReturnType<typeof ask>[]) =>
  choice && (alwaysRefused(policyOf([...rules, allow({})]), known, choice)?.rule ?? null)

describe('a choice that can only be refused', () => {
  test('is to have no expiry, if the policy refuses that, or anything that lives longer than so many days', () => {
    expect(why(choices.neverExpires, refuse('expires', { expiry: 'removed' }))).toBe('expires')
    expect(why(choices.neverExpires, refuse('short', { expiry: { laterThanDays: 90 } }))).toBe('short')
    expect(why(choices.neverExpires, refuse('wider', { verdict: ['widens', 'both'] }))).toBe('wider')
    expect(why(choices.neverExpires, refuse('write', { gains: ['write'] }))).toBeNull()
  })

  test('is a day beyond those that the policy allows, and not the last of them', () => {
    const short = refuse('short', { expiry: { laterThanDays: 90 } })
    const daysAhead = (days: number) => choices.expiresLater(now.getTime() + days * 86_400_000, now)
    expect(why(daysAhead(90), short)).toBeNull()
    expect(why(daysAhead(91), short)).toBe('short')
  })

  test('is access that nobody may get, and none that the token has', () => {
    const write = refuse('write', { gains: ['write'] })
    expect(why(choices.givesAccess(known.before, 'asset', 'write'), write)).toBe('write')
    expect(why(choices.givesAccess(known.before, 'asset', 'read'), write)).toBeNull()
    expect(choices.givesAccess(known.before, 'entry', 'write')).toBeNull()
    expect(why(choices.givesAccess(known.before, 'everything', 'read'), refuse('all', { gains: ['$all'] }))).toBe('all')
    expect(why(choices.givesAccess(known.before, 'asset', 'write'), refuse('writers', { writes: true }))).toBe(
      'writers',
    )
  })

  test('is a branch or an alias that nobody may touch, whether it comes or goes', () => {
    const frozen = refuse('frozen', { touches: ['release-?'] })
    expect(why(choices.addsName('release-7'), frozen)).toBe('frozen')
    expect(why(choices.takesName('release-7'), frozen)).toBe('frozen')
    expect(why(choices.addsName('live', 'release-7'), frozen)).toBe('frozen')
    expect(why(choices.addsName('main'), frozen)).toBeNull()
  })

  test('is a higher rate limit', () => {
    expect(why(choices.raisesLimits, refuse('slow', { rateLimits: 'raised' }))).toBe('slow')
  })

  test('goes by whose token it is and who asks', () => {
    const removed = (when: When) => why(choices.neverExpires, refuse('expires', { expiry: 'removed', ...when }))
    expect(removed({ requester: [owners], token: ['ci-*'], stack: ['web*'] })).toBe('expires')
    expect(removed({ requester: [bob] })).toBeNull()
    expect(removed({ token: ['prod-*'] })).toBeNull()
    expect(removed({ stack: ['docs'] })).toBeNull()
  })

  test('is none that an earlier rule may allow beside something else', () => {
    const rules = [allow({ gains: ['write'] }), refuse('expires', { expiry: 'removed' })]
    expect(why(choices.neverExpires, ...rules)).toBeNull()
    expect(why(choices.neverExpires, refuse('write', { gains: ['write'] }), rules[1]!)).toBe('expires')
    expect(why(choices.neverExpires, allow({ verdict: ['narrows'] }), rules[1]!)).toBe('expires')
  })
})

/** The choices that are in an edit, whatever else it does. */
function choicesIn(before: Settings, after: Settings): (Choice | null)[] {
  const [was, is] = [instantOf(before.expiresOn), instantOf(after.expiresOn)]
  const names = (of: Settings) => new Set(of.branches)
  return [
    was !== null && is === null ? choices.neverExpires : null,
    was !== null && is !== null && is > was ? choices.expiresLater(is, now) : null,
    ...([...modules, 'everything'] as const).map((to) => {
      const access = accessTo(after, to)
      return access === 'none' ? null : choices.givesAccess(before, to, access)
    }),
    ...[...names(after)].filter((name) => !names(before).has(name)).map((name) => choices.addsName(name)),
    ...[...names(before)].filter((name) => !names(after).has(name)).map((name) => choices.takesName(name)),
    ...effectsOf(before, after).map(({ direction, what }) =>
      what.kind === 'rate' && direction === 'wider' ? choices.raisesLimits : null,
    ),
  ]
}

test('whatever else is asked for beside a choice that is called refused, the policy refuses it', () => {
  let refused = 0
  const rule = fc.tuple(fc.oneof(wideWhen, someWhen), fc.boolean())
  const edit = someSettings.chain((before) => fc.record({ before: fc.constant(before), after: stepFrom(before) }))
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), edit, (rules, { before, after }) => {
      const policy = policyOf([...rules.map(([when, no]) => (no ? refuse('no', when) : allow(when))), allow({})])
      const asked = { ...known, before, after }
      for (const choice of choicesIn(before, after)) {
        if (choice === null || alwaysRefused(policy, asked, choice) === null) continue
        refused += 1
        expect(ruleFor(policy, asked)?.outcome.kind).toBe('refuse')
      }
    }),
    { numRuns: 5000 },
  )
  expect(refused).toBeGreaterThan(100)
})
