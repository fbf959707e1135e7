import { describe, expect, test } from 'vitest'
import type { Asked } from '../../../src/domain/policy/condition.ts'
import { policy, protection, requirement } from '../../../src/domain/policy/policy.ts'
import type { When } from '../../../src/domain/policy/when.ts'
import { ruleFor } from '../../../src/domain/policy/which-rule.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { writingBranch } from '../../support/settings.ts'
import { alice, ask, bob, carol, policyOf, settings } from '../../support/world.ts'

type Case = Partial<Omit<Asked, 'before' | 'after'>> & { before?: Partial<Settings>; after?: Partial<Settings> }

function asked({ before, after, ...rest }: Case): Asked {
  const now = new Date('2026-06-01T09:00:00.000Z')
  return {
    tokenUid: 't1',
    stack: 'website',
    requesterIs: [],
    now,
    ...rest,
    before: settings(before),
    after: settings(after ?? before),
  }
}

const may = (everything: 'none' | 'read' | 'write', modules: Settings['permissions']['modules'] = {}) => ({
  permissions: { everything, modules },
})

/** True if a rule with these conditions fits. */
function fits(when: When, edit: Case): boolean {
  return ruleFor(policyOf([ask([bob], 1, { when })]), asked(edit)) !== null
}

const other: Case = { after: { name: 'other' } }
const wider: Case = { after: { branches: ['main', 'development', 'feature-x'] } }
const narrower: Case = { after: { branches: ['main'] } }
const both: Case = { after: { branches: ['feature-x'] } }

describe('a rule without conditions', () => {
  test('fits every change', () => {
    for (const edit of [other, wider, narrower, both]) expect(fits({}, edit)).toBe(true)
  })
})

describe('verdict', () => {
  const edits = { widens: wider, narrows: narrower, both, neutral: other }
  const verdicts = ['widens', 'narrows', 'both', 'neutral'] as const

  test.each(verdicts)('%s fits such changes and no others', (verdict) => {
    expect(verdicts.filter((each) => fits({ verdict: [verdict] }, edits[each]))).toEqual([verdict])
  })

  test('several fit any of them', () => {
    const when: When = { verdict: ['widens', 'both'] }
    expect(verdicts.filter((each) => fits(when, edits[each]))).toEqual(['widens', 'both'])
  })
})

describe('gains', () => {
  const none = may('none', { asset: 'read' })
  const gaining = (after: Partial<Settings>): Case => ({ before: none, after })
  const cases = {
    nothing: gaining({ ...none, name: 'other' }),
    'read on entries': gaining(may('none', { asset: 'read', entry: 'read' })),
    'write on entries': gaining(may('none', { asset: 'read', entry: 'write' })),
    'write on assets': gaining(may('none', { asset: 'write' })),
    'read on all': gaining(may('read')),
    'write on all': gaining(may('write')),
    'less on assets': gaining(may('none')),
    'a branch': gaining({ ...none, branches: ['main', 'development', 'feature-x'] }),
    'who knows': gaining({ ...none, otherScope: ['{"module":"new"}'] }),
    'who knows when it ends': gaining({ ...none, expiresOn: 'soon' }),
    'who knows how often': gaining({ ...none, rateLimits: { kind: 'ungoverned' } }),
  }

  test.each<[NonNullable<When['gains']>, (keyof typeof cases)[]]>([
    [['write'], ['write on entries', 'write on assets', 'write on all', 'who knows']],
    [['$all'], ['read on all', 'write on all', 'who knows']],
    [['entry'], ['read on entries', 'write on entries', 'read on all', 'write on all', 'who knows']],
    [['asset'], ['write on assets', 'write on all', 'who knows']],
    [
      ['asset', '$all'],
      ['write on assets', 'read on all', 'write on all', 'who knows'],
    ],
  ])('%j fits what gains it, or what nobody can tell', (gains, fitting) => {
    const names = Object.keys(cases) as (keyof typeof cases)[]
    const unclear = ['who knows when it ends', 'who knows how often']
    expect(names.filter((name) => fits({ gains }, cases[name]))).toEqual([...fitting, ...unclear])
  })

  test('a loss does not count as a gain', () => {
    expect(fits({ gains: ['write'] }, { before: may('write'), after: may('read') })).toBe(false)
    expect(fits({ gains: ['write', '$all'] }, { before: may('write'), after: may('none', { entry: 'write' }) })).toBe(
      false,
    )
  })
})

test('whatever else moves, no pattern takes it for a branch', () => {
  expect(fits({ touches: ['*'] }, { before: settings(), after: settings({ expiresOn: '2028-01-31' }) })).toBe(false)
})

describe('touches', () => {
  const on = (branches: string[], aliases: string[] = []) => ({ branches, aliases })

  test.each<[string[], Partial<Settings>, Partial<Settings>, boolean]>([
    [['main'], on(['dev']), on(['dev', 'main']), true],
    [['main'], on(['dev', 'main']), on(['dev']), true],
    [['main'], on(['dev', 'main']), on(['main']), false],
    [['main'], on(['main']), { ...on(['main']), name: 'other' }, false],
    [['live'], on(['dev'], []), on(['dev'], ['live']), true],
    [['live'], on(['dev'], ['live']), on(['dev'], []), true],
    [['live'], on(['dev', 'live']), on(['dev'], ['live']), true],
    [['live'], on(['live']), on(['live'], ['live']), true],
    [['release-*'], on(['dev']), on(['dev', 'release-7']), true],
    [['release-*', 'x'], on(['dev']), on(['dev', 'x']), true],
    [['release-*'], on(['dev']), on(['dev', 'feature']), false],
  ])('%j, from %j to %j: %s', (touches, before, after, fitting) => {
    expect(fits({ touches }, { before, after })).toBe(fitting)
  })

  const points = (aliases: string[], aliasTargets: Record<string, string>) => ({
    ...on(['dev'], aliases),
    aliasTargets,
  })

  test.each<[string, string[], Partial<Settings>, Partial<Settings>, boolean]>([
    ['an alias is added that points to it', ['main'], points([], {}), points(['live'], { live: 'main' }), true],
    ['an alias is taken away that pointed to it', ['main'], points(['live'], { live: 'main' }), points([], {}), true],
    ['the alias is named itself', ['live'], points([], {}), points(['live'], { live: 'main' }), true],
    ['a pattern fits the target', ['rel*'], points([], {}), points(['live'], { live: 'release-7' }), true],
    ['the alias points to another branch', ['main'], points([], {}), points(['live'], { live: 'release' }), false],
    ['the alias stays', ['main'], points(['live'], { live: 'main' }), points(['live'], { live: 'main' }), false],
    ['its target is not known', ['main'], points([], {}), points(['live'], {}), true],
    ['it is called as what no record says', ['main'], points([], {}), points(['constructor'], { live: 'main' }), true],
  ])('a branch is touched through an alias: %s', (_, touches, before, after, fitting) => {
    expect(fits({ touches }, { before, after })).toBe(fitting)
  })

  test('a token that gets its first branch, or loses its last, may reach anything that it did not, or did', () => {
    expect(fits({ touches: ['main'] }, { before: on(['dev']), after: on([]) })).toBe(true)
    expect(fits({ touches: ['main'] }, { before: on([]), after: on(['dev']) })).toBe(true)
  })
})

describe('beside a branch entry that is not understood', () => {
  const from = (before: Partial<Settings>, after: Partial<Settings>): Case => {
    const scope = { branches: [], aliases: [], otherScope: [writingBranch] }
    return { before: { ...scope, ...before }, after: { ...scope, ...before, ...after } }
  }
  const alias = from({}, { aliases: ['live'] })

  test('an added alias is for the rules that ask about writing, about access, and about any branch', () => {
    expect(fits({ verdict: ['narrows', 'neutral'] }, alias)).toBe(false)
    for (const when of [
      { verdict: ['both' as const] },
      { gains: ['write' as const] },
      { gains: ['asset' as const] },
      { touches: ['main'] },
      { writes: true },
    ])
      expect(fits(when, alias)).toBe(true)
    expect(fits({ writes: false }, alias)).toBe(false)
  })

  test('and so is access taken away', () => {
    const less = from(
      { permissions: { everything: 'write', modules: {} } },
      { permissions: { everything: 'read', modules: {} } },
    )
    expect(fits({ verdict: ['narrows', 'neutral'] }, less)).toBe(false)
    expect(fits({ gains: ['write'] }, less)).toBe(true)
    expect(fits({ touches: ['main'] }, less)).toBe(true)
  })
})

describe('expiry', () => {
  const from = (before: string | null, after: string | null): Case => ({
    before: { expiresOn: before },
    after: { expiresOn: after, name: 'other' },
  })

  test('removed fits a token that expired and would no longer', () => {
    const removed = (before: string | null, after: string | null) => fits({ expiry: 'removed' }, from(before, after))
    expect(removed('2027-01-31', null)).toBe(true)
    expect(removed(null, null)).toBe(false)
    expect(removed(null, '2027-01-31')).toBe(false)
    expect(removed('2027-01-31', '2099-01-31')).toBe(false)
    expect(removed('2027-01-31', 'soon')).toBe(false)
  })

  test('later than so many days, counted from the request, fits a token that would live longer than that', () => {
    const later = (after: string | null) => fits({ expiry: { laterThanDays: 90 } }, from('2026-06-02', after))
    expect(later('2026-08-30T09:00:00.000Z')).toBe(false)
    expect(later('2026-08-30T09:00:00.001Z')).toBe(true)
    expect(later('2026-06-02')).toBe(false)
    expect(later('2026-05-01')).toBe(false)
    expect(later(null)).toBe(true)
    expect(later('soon')).toBe(true)
  })

  test('the same goes for an expiry that stays', () => {
    expect(fits({ expiry: { laterThanDays: 90 } }, from('2027-01-31', '2027-01-31'))).toBe(true)
  })
})

describe('writes', () => {
  test.each<[string, Partial<Settings>, boolean]>([
    ['nothing', may('none', { entry: 'read' }), false],
    ['everything', may('write'), true],
    ['everything but read only', may('read', { entry: 'read' }), false],
    ['one module', may('read', { entry: 'read', asset: 'write' }), true],
    ['what nobody can tell', { ...may('none'), otherScope: ['{"module":"new"}'] }, true],
  ])('a token that can write %s after the change', (_, after, writes) => {
    for (const before of [may('none'), may('write')]) {
      expect(fits({ writes: true }, { before, after })).toBe(writes)
      expect(fits({ writes: false }, { before, after })).toBe(!writes)
    }
  })
})

describe('rate limits', () => {
  const custom = (read: number, write: number) => ({ rateLimits: { kind: 'custom' as const, read, write } })
  const raised = (before: Partial<Settings>, after: Partial<Settings>) =>
    fits({ rateLimits: 'raised' }, { before, after })

  test('raised fits if either is higher', () => {
    expect(raised(custom(5, 5), custom(6, 5))).toBe(true)
    expect(raised(custom(5, 5), custom(4, 6))).toBe(true)
    expect(raised(custom(5, 5), { rateLimits: { kind: 'organisation' } })).toBe(true)
    expect(raised(custom(5, 5), custom(5, 4))).toBe(false)
    expect(raised(custom(5, 5), { ...custom(5, 5), name: 'other' })).toBe(false)
    expect(raised(custom(5, 5), { ...custom(5, 5), ...may('write') })).toBe(false)
  })
})

describe('token', () => {
  test('fits by its name as it is now, or its uid', () => {
    expect(fits({ token: ['ci-*'] }, other)).toBe(true)
    expect(fits({ token: ['t1'] }, other)).toBe(true)
    expect(fits({ token: ['prod-*', 't?'] }, other)).toBe(true)
    expect(fits({ token: ['prod-*'] }, other)).toBe(false)
    expect(fits({ token: ['prod-*'] }, { after: { name: 'prod-deploy' } })).toBe(false)
    expect(fits({ token: ['prod-*'] }, { before: { name: 'prod-deploy' }, after: { name: 'ci' } })).toBe(true)
  })
})

describe('stack', () => {
  test("fits by the configuration's name for it", () => {
    expect(fits({ stack: ['website'] }, other)).toBe(true)
    expect(fits({ stack: ['docs', 'web*'] }, other)).toBe(true)
    expect(fits({ stack: ['docs'] }, other)).toBe(false)
    expect(fits({ stack: ['website'] }, { ...other, stack: 'docs' })).toBe(false)
  })
})

describe('requester', () => {
  test("fits one of the requester's ids", () => {
    const by = (...requesterIs: string[]) => fits({ requester: ['S0INTERNS', bob] }, { ...other, requesterIs })
    expect(by('S0INTERNS')).toBe(true)
    expect(by(alice, bob)).toBe(true)
    expect(by(alice)).toBe(false)
    expect(by()).toBe(false)
  })
})

describe('conditions together', () => {
  const after = { ...may('write'), branches: ['main'], expiresOn: null, rateLimits: { kind: 'organisation' as const } }
  const before = { ...may('read'), rateLimits: { kind: 'custom' as const, read: 1, write: 1 } }
  const edit: Case = { before, after, requesterIs: [alice] }
  const when: Required<When> = {
    verdict: ['both'],
    gains: ['write'],
    touches: ['development'],
    expiry: 'removed',
    writes: true,
    rateLimits: 'raised',
    token: ['ci-*'],
    stack: ['website'],
    requester: [alice],
  }
  const unmet: Required<When> = {
    verdict: ['neutral'],
    gains: ['$all'],
    touches: ['release-*'],
    expiry: { laterThanDays: 90 },
    writes: false,
    rateLimits: 'raised',
    token: ['prod-*'],
    stack: ['docs'],
    requester: [carol],
  }

  test('fit when all of them do', () => {
    expect(fits(when, edit)).toBe(true)
  })

  test.each(Object.keys(when).filter((key) => !['gains', 'expiry', 'rateLimits'].includes(key)))(
    'do not fit when only %s does not',
    (key) => {
      expect(fits({ ...when, [key]: unmet[key as keyof When] }, edit)).toBe(false)
    },
  )

  test('do not fit if only gains, expiry or rate limits do not', () => {
    expect(
      fits({ ...when, gains: ['role'] }, { ...edit, after: { ...after, ...may('read', { entry: 'write' }) } }),
    ).toBe(false)
    expect(fits(when, { ...edit, after: { ...after, expiresOn: '2027-01-31' } })).toBe(false)
    expect(fits(when, { ...edit, after: { ...after, rateLimits: before.rateLimits } })).toBe(false)
  })
})

describe('the rule for a change', () => {
  const [first, second, last] = [
    ask([bob], 1, { name: 'first', when: { verdict: ['widens'] } }),
    ask([bob], 2, { name: 'second', when: { touches: ['feature-*'] } }),
    ask([carol], 1, { name: 'last' }),
  ]
  const nameOf = (edit: Case, ...rules: (typeof first)[]) => ruleFor(policyOf(rules), asked(edit))?.name

  test('is the first that fits', () => {
    expect(nameOf(wider, first, second, last)).toBe('first')
    expect(nameOf(wider, second, first, last)).toBe('second')
    expect(nameOf(both, first, second, last)).toBe('second')
    expect(nameOf(other, first, second, last)).toBe('last')
    expect(nameOf(wider, last, first)).toBe('last')
  })

  test('is missing if no rule fits', () => {
    expect(ruleFor(policyOf([first, second]), asked(other))).toBeNull()
    expect(ruleFor(policyOf([]), asked(other))).toBeNull()
  })
})

test('a token is protected by its uid and by its name, and so is the name that it would get', () => {
  const why = (protects: string[], before: string, after?: string) =>
    protection(policyOf([ask([bob])], { protects }), {
      tokenUid: 't1',
      before: settings({ name: before }),
      ...(after !== undefined && { after: settings({ name: after }) }),
    })
  const token = 'This token is protected: nobody can change it here.'
  expect(why(['prod-*'], 'prod-deploy')).toBe(token)
  expect(why(['prod-*'], 'prod-deploy', 'ci-deploy')).toBe(token)
  expect(why(['x', 't1'], 'ci-deploy', 'ci-release')).toBe(token)
  expect(why(['prod-*'], 'ci-deploy', 'prod-deploy')).toBe(
    'The name that it would get is protected: nobody can give it to a token here.',
  )
  expect(why(['prod-*'], 'ci-deploy', 'ci-release')).toBeNull()
  expect(why(['prod-*'], 'ci-deploy')).toBeNull()
  expect(why([], 'ci-deploy', 'ci-release')).toBeNull()
})

test.each(['  Prod Deploy', 'Prod   Deploy', 'prod deploy ', 'PROD DEPLOY'])(
  'a name that a stack may keep as the protected one is protected: “%s”',
  (name) => {
    const after = settings({ name })
    const asked = { tokenUid: 't1', before: settings({ name: 'ci' }), after }
    expect(protection(policyOf([ask([bob])], { protects: ['Prod Deploy'] }), asked)).toBe(
      'The name that it would get is protected: nobody can give it to a token here.',
    )
    expect(
      protection(policyOf([ask([bob])], { protects: ['Prod Deploy'] }), { ...asked, before: after }),
    ).not.toBeNull()
  },
)

describe('a policy that makes no sense is refused', () => {
  const good = policyOf([ask([bob])])
  const party = (from: string[], quorum: number) => ({ ...good, rules: [ask(from, quorum)] })

  test.each<[string, unknown]>([
    ['a quorum of none', party([bob], 0)],
    ['a quorum below none', party([bob], -1)],
    ['a quorum of one and a half', party([bob], 1.5)],
    ['no approvers', party([], 1)],
    ['approvers called by name', party(['bob'], 1)],
    ['a channel as approver', party(['C0GENERAL'], 1)],
    ['no rules', { ...good, rules: [] }],
    ['a rule without a name', { ...good, rules: [ask([bob], 1, { name: '' })] }],
    ['a condition that is not known', { ...good, rules: [{ ...ask([bob]), when: { color: 'red' } }] }],
    ['no party at all', { ...good, rules: [{ ...ask([bob]), outcome: { kind: 'ask', parties: [], confirm: false } }] }],
    ['a refusal without a text', { ...good, rules: [{ ...ask([bob]), outcome: { kind: 'refuse', because: '' } }] }],
    ['an empty verdict', { ...good, rules: [ask([bob], 1, { when: { verdict: [] } })] }],
    ['an empty list of gains', { ...good, rules: [ask([bob], 1, { when: { gains: [] } })] }],
    ['nobody who may ask', { ...good, mayAsk: [] }],
    ['no time to live', { ...good, lives: 0 }],
    ['reminders at once', { ...good, remindsAfter: 0 }],
    ['nudges at once', { ...good, nudgeEvery: 0 }],
    ['days below none', { ...good, rules: [ask([bob], 1, { when: { expiry: { laterThanDays: 0 } } })] }],
    ['no branch to touch', { ...good, rules: [ask([bob], 1, { when: { touches: [] } })] }],
    ['no token', { ...good, rules: [ask([bob], 1, { when: { token: [] } })] }],
    ['no stack', { ...good, rules: [ask([bob], 1, { when: { stack: [] } })] }],
    ['no requester', { ...good, rules: [ask([bob], 1, { when: { requester: [] } })] }],
  ])('%s', (_, written) => {
    expect(policy.safeParse(good).success).toBe(true)
    expect(policy.safeParse(written).success).toBe(false)
  })

  test('members, members of an organisation and user groups may be named', () => {
    expect(policy.safeParse(party(['U0BOB', 'W0BOB', 'S0OWNERS'], 3)).success).toBe(true)
  })
})

test("a change's demand is read back as it was kept", () => {
  const kept = { rule: 'r', parties: [{ from: [bob], quorum: 2 }], confirm: true }
  expect(requirement.parse(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
})

describe('a policy is read back as it was kept', () => {
  const every: When[] = [
    { verdict: ['widens', 'narrows', 'both', 'neutral'] },
    { gains: ['write', '$all', 'entry', 'workflow'] },
    { touches: ['main', 'release-*'] },
    { expiry: 'removed' },
    { expiry: { laterThanDays: 90 } },
    { writes: true },
    { rateLimits: 'raised' },
    { token: ['prod-*'] },
    { stack: ['website', 'docs-*'] },
    { requester: ['U0BOB', 'S0OWNERS'] },
  ]

  test.each(every)('with the condition %j', (when) => {
    const kept = policyOf([ask([bob], 1, { when })], { mayAsk: [alice], protects: ['prod-*'] })
    expect(policy.parse(JSON.parse(JSON.stringify(kept)))).toStrictEqual(kept)
  })

  test('with a rule that refuses', () => {
    const kept = policyOf([{ name: 'freeze', when: {}, outcome: { kind: 'refuse', because: 'Not now.' } }])
    expect(policy.parse(JSON.parse(JSON.stringify(kept)))).toStrictEqual(kept)
  })

  test.each(['xU0BOB', 'U0BOB!', 'u0bob', 'U', ''])('but nobody is called "%s"', (id) => {
    expect(policy.safeParse(policyOf([ask([id])])).success).toBe(false)
    expect(policy.safeParse(policyOf([ask([bob])], { mayAsk: [id] })).error?.issues[0]?.message).toBe(
      'use a Slack member id (U…) or a user group id (S…)',
    )
  })
})
