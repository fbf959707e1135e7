import { describe, expect, test } from 'vitest'
import { policyFile, policyFrom, simplePolicy } from '../../src/config/policy-file.ts'
import { policyProblems } from '../../src/config/policy-problems.ts'
import { conditions } from '../../src/domain/policy/conditions.ts'
import { ruleFor } from '../../src/domain/policy/which-rule.ts'
import { bob, carol, settings } from '../support/world.ts'

const hour = 3_600_000
const rule = (fields: object) => ({ name: 'r', approvers: bob, ...fields })

function read(policy: object) {
  return policyFrom(policyFile.parse(policy))
}

/** The problems of a policy with these rules, each written as by an operator. */
function wrongWith(...rules: object[]): string[] {
  const file = policyFile.safeParse({ rules })
  const problems = file.success ? policyProblems(file.data, [{ name: 'website' }, { name: 'docs' }]) : file.error.issues
  return problems.map(({ message }) => message)
}

describe('a policy in the settings', () => {
  test('waits a week, reminds after four hours and can be nudged once an hour, unless it says otherwise', () => {
    expect(read({ rules: [rule({})] })).toMatchObject({
      lives: 7 * 24 * hour,
      remindsAfter: 4 * hour,
      nudgeEvery: hour,
      mayAsk: null,
      protects: [],
    })
    const said = { lives: '3d', reminds_after: '30m', nudge_every: '2h' }
    expect(read({ rules: [rule({})], ...said })).toMatchObject({
      lives: 72 * hour,
      remindsAfter: hour / 2,
      nudgeEvery: 2 * hour,
    })
  })

  test.each(['0d', '7', 'week', '1.5h', '-1d', 7])('refuses %s as a duration', (lives) => {
    expect(policyFile.safeParse({ rules: [rule({})], lives }).success).toBe(false)
  })

  test('takes one value where a list is expected', () => {
    const one = { may_ask: bob, protects: 'root', rules: [rule({ when: { verdict: 'widens', gains: 'write' } })] }
    const many = {
      may_ask: [bob],
      protects: ['root'],
      rules: [rule({ when: { verdict: ['widens'], gains: ['write'] } })],
    }
    expect(read(one)).toEqual(read(many))
  })

  test("has the policy's condition for each condition that is written", () => {
    const settings = Object.values(conditions).map(({ setting }) => setting)
    const when = {
      verdict: 'both',
      gains: '$all',
      touches: 'main',
      expiry: { later_than: '36h' },
      writes: true,
      rate_limits: 'raised',
      token: 'ci-*',
      stack: 'web*',
      requester: 'S0TEAM',
    }
    expect(Object.keys(when)).toEqual(settings)
    expect(read({ rules: [rule({ when })] }).rules[0]!.when).toEqual({
      verdict: ['both'],
      gains: ['$all'],
      touches: ['main'],
      expiry: { laterThanDays: 1.5 },
      writes: true,
      rateLimits: 'raised',
      token: ['ci-*'],
      stack: ['web*'],
      requester: ['S0TEAM'],
    })
    expect(read({ rules: [rule({ when: { expiry: 'removed' } })] }).rules[0]!.when).toEqual({ expiry: 'removed' })
  })

  test('asks for one approval, a quorum, several parties or nobody, as a rule says', () => {
    const outcomes = read({
      rules: [
        { name: 'one', when: { writes: true }, approvers: [bob, carol] },
        { name: 'two', when: { writes: true }, approvers: [bob, carol], quorum: 2, confirm: true },
        { name: 'each', when: { writes: true }, all_of: [{ from: 'S0A' }, { from: ['S0B', bob], quorum: 2 }] },
        { name: 'nobody', refuse: 'Not here.' },
      ],
    }).rules.map(({ outcome }) => outcome)
    expect(outcomes).toEqual([
      { kind: 'ask', parties: [{ from: [bob, carol], quorum: 1 }], confirm: false },
      { kind: 'ask', parties: [{ from: [bob, carol], quorum: 2 }], confirm: true },
      {
        kind: 'ask',
        parties: [
          { from: ['S0A'], quorum: 1 },
          { from: ['S0B', bob], quorum: 2 },
        ],
        confirm: false,
      },
      { kind: 'refuse', because: 'Not here.' },
    ])
  })

  test.each([
    ['One year is enough.', 'One year is enough.'],
    ['tokens that can write never live longer than a year', 'tokens that can write never live longer than a year.'],
  ])('is refused with a complete sentence: %s', (refuse, because) => {
    expect(read({ rules: [{ name: 'r', refuse }] }).rules[0]!.outcome).toEqual({ kind: 'refuse', because })
  })

  test('in its short form is one rule for every change', () => {
    const policy = policyFrom(simplePolicy([bob, carol], 2))
    const asked = { tokenUid: 't1', stack: 'website', requesterIs: [], now: new Date(0) }
    const rule = ruleFor(policy, { ...asked, before: settings(), after: settings({ name: 'other' }) })
    expect(rule?.outcome).toEqual({ kind: 'ask', parties: [{ from: [bob, carol], quorum: 2 }], confirm: false })
  })
})

describe('a policy with mistakes is refused', () => {
  test.each<[string, object[], RegExp]>([
    ['a rule without an outcome', [{ name: 'a' }], /either approvers, or all_of, or refuse/],
    ['a rule with two outcomes', [rule({ refuse: 'No.' })], /either approvers, or all_of, or refuse/],
    ['a quorum beside all_of', [{ name: 'a', quorum: 2, all_of: [{ from: bob }] }], /quorum goes with approvers/],
    ['a quorum of nobody', [rule({ quorum: 0 })], /./],
    ['more approvals than anybody collects', [rule({ quorum: 1e9 })], /ask for at most 100 approvals/],
    ['a refusal without words', [{ name: 'a', refuse: ' ' }], /say in words why this is refused/],
    ['a rule without a name', [{ approvers: bob }], /./],
    ['no rule at all', [], /./],
    ['a misspelt condition', [rule({ when: { verdicts: 'widens' } })], /./],
    ['a name for a person', [rule({ approvers: 'bob' })], /./],
    [
      'a rule behind one that fits everything',
      [rule({ name: 'all' }), rule({ name: 'late' })],
      /"late" is never reached, since every change that it fits meets "all" first/,
    ],
    [
      'a rule behind others that leave it nothing',
      [
        rule({ name: 'more', when: { verdict: ['widens', 'both'] } }),
        rule({ name: 'here', when: { stack: ['website', 'docs'], verdict: ['narrows', 'neutral'] } }),
        rule({ name: 'late' }),
      ],
      /"late" is never reached, since every change that it fits meets "more" or "here" first/,
    ],
    [
      'a rule for something that never has its verdict',
      [rule({ when: { verdict: 'narrows', expiry: 'removed' } })],
      /the rule "r" fits no change: no change with this verdict can meet its other conditions/,
    ],
    [
      'a rule about rate limits that are not managed',
      [rule({ when: { rate_limits: 'raised' } })],
      /the rule "r" fits no change: rate limits are not managed \(rate_limit_fields\) on website, docs$/,
    ],
    ['an empty name for a token', [rule({ when: { token: [''] } })], /write a name, or a pattern such as ci-\*/],
    ['an empty name for a branch', [rule({ when: { touches: ['main', ''] } })], /write a name, or a pattern/],
    [
      'a rule about a stack that there is not',
      [rule({ when: { stack: ['web*', 'prod'] } })],
      /the rule "r" matches no stack: none of the stacks of this policy \(website, docs\) is called prod$/,
    ],
    ['two rules of one name', [rule({ when: { writes: true } }), rule({})], /two rules are called "r"/],
    ['one person for two approvals', [rule({ approvers: [bob, bob], quorum: 2 })], /wants 2 approvals .* names only 1/],
    [
      'one person for two parties',
      [{ name: 'a', all_of: [{ from: bob }, { from: bob }] }],
      /wants 2 approvals by different people, but names only 1/,
    ],
  ])('with %s', (_, rules, words) => {
    expect(wrongWith(...rules)).toEqual([expect.stringMatching(words)])
  })

  test('but not for a rule about rate limits where some of its stacks manage them', () => {
    const file = policyFile.parse({ rules: [rule({ when: { rate_limits: 'raised' } })] })
    expect(policyProblems(file, [{ name: 'website' }, { name: 'docs', rate_limit_fields: {} }])).toEqual([])
    expect(policyProblems(file, [{ name: 'website' }])).toMatchObject([{ path: ['rules', 0, 'when', 'rate_limits'] }])
  })

  test('but not for something that only Slack can know: how many are in a group', () => {
    expect(wrongWith(rule({ approvers: 'S0OWNERS', quorum: 9 }))).toEqual([])
  })
})
