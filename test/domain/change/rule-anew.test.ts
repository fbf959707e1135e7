import { describe, expect, test } from 'vitest'
import { asksForName } from '../../../src/domain/change/change.ts'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import { ruleAnew } from '../../../src/domain/change/rule-anew.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import { policyDigest } from '../../../src/domain/policy/digest.ts'
import type { Ruling } from '../../../src/domain/policy/policy.ts'
import { proposedAt as at, changeAfter, inEveryStatus, pending } from '../../support/changes.ts'
import { alice, ask, bob, carol, policy, policyOf, policyOfTwo, proposal, requirement } from '../../support/world.ts'

const stricter: Ruling = { ...requirement([bob, carol], 2), rule: 'stricter', policy: 'digest of now' }
const forbidden: Ruling = { forbidden: 'This token is protected.' }
const confirmed: Ruling = { ...requirement(), confirm: true }

describe('a change that was asked for under another policy than the current one', () => {
  test.each([
    ['more approvals', stricter],
    ['the name of the token to be typed', confirmed],
    ['nothing, since it allows nobody to approve it', forbidden],
  ])('keeps that it asks for %s, once', (_, today) => {
    const event = ruleAnew(pending(), today, at)
    expect(event).toEqual({ type: 'ruled_anew', at, today })
    const ruled = evolve(pending(), event!)
    expect(ruled).toEqual({ ...pending(), today })
    expect(ruleAnew(ruled, today, at)).toBeNull()
  })

  test('stays as it was if the policy asks for the same, whatever its rule is called', () => {
    expect(ruleAnew(pending(), { ...requirement(), rule: 'other', policy: 'digest of now' }, at)).toBeNull()
    expect(ruleAnew(pending(), null, at)).toBeNull()
  })

  test('forgets it once the policy asks for the same again, or is the old one again', () => {
    const ruled = changeAfter([{ type: 'ruled_anew', at, today: stricter }])
    for (const ruling of [null, requirement()])
      expect(ruleAnew(ruled, ruling, at)).toEqual({ type: 'ruled_anew', at, today: null })
    expect(ruleAnew(ruled, forbidden, at)).toEqual({ type: 'ruled_anew', at, today: forbidden })
    const frozen = changeAfter([{ type: 'ruled_anew', at, today: forbidden }])
    const otherwise = { forbidden: 'No rule fits.' }
    expect(ruleAnew(frozen, otherwise, at)).toEqual({ type: 'ruled_anew', at, today: otherwise })
  })

  test('is checked against it only while it waits for approvals or they are not used yet', () => {
    const ruled = inEveryStatus().filter((change) => ruleAnew(change, stricter, at) !== null)
    expect(ruled.map(({ status }) => status)).toEqual(['pending', 'approved'])
  })

  test('keeps its seal and what was decided, and starts again with a revision', () => {
    const ruled = changeAfter([{ type: 'ruled_anew', at, today: stricter }])
    expect(sealOf(ruled)).toBe(sealOf(pending()))
    const { before, after, reason, requirement, expiresAt, remindAt } = proposal()
    const revised = { before, after, reason, requirement, expiresAt, remindAt, voids: [] }
    expect(evolve(ruled, { type: 'amended', at, by: alice, ...revised }).today).toBeNull()
    expect(evolve(ruled, { type: 'amended', at, by: bob, ...revised, today: forbidden }).today).toEqual(forbidden)
  })
})

test.each([
  ['neither rule asks for it', false, null, false],
  ['the rule that it was asked under asks for it', true, null, true],
  ['the current policy asks for it as well', false, confirmed, true],
  ['only the rule that it was asked under does', true, stricter, true],
  ['the current policy asks for other things', false, stricter, false],
  ['the current policy allows nobody', false, forbidden, false],
])('the name of the token has to be typed: %s', (_, confirm, today, expected) => {
  const change = open(1, { type: 'proposed', at, ...proposal({ requirement: { ...requirement(), confirm } }) })
  expect(asksForName({ ...change, today })).toBe(expected)
})

test('the digest of a policy is the same however it is written down, and different for another policy', () => {
  const turned = Object.fromEntries(Object.entries(policy).reverse()) as typeof policy
  expect(policyDigest(policy)).toMatch(/^[0-9a-f]{64}$/)
  expect(policyDigest(turned)).toBe(policyDigest(policy))
  expect(policyDigest(policy)).toBe(policyDigest(policy))
  const others = [policyOfTwo, policyOf([ask([bob])]), policyOf([ask([bob, carol])], { lives: 1 })]
  expect(new Set([policy, ...others].map(policyDigest)).size).toBe(4)
})
