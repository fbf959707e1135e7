import { describe, expect, test } from 'vitest'
import { reasonsOf } from '../../../src/domain/policy/reasons.ts'
import { effectsOf, verdictOf } from '../../../src/domain/policy/widening.ts'
import type { Effect } from '../../../src/domain/token/effect.ts'
import type { Permissions, RateLimits, Settings } from '../../../src/domain/token/token.ts'
import { writingBranch } from '../../support/settings.ts'
import { settings } from '../../support/world.ts'

function said(before: Partial<Settings>, after: Partial<Settings>): string {
  const effects = effectsOf(settings(before), settings(after))
  return [verdictOf(effects), ...reasonsOf(effects)].join('; ')
}

/** The words for the change, and for the same change in reverse. */
function bothWays(before: Partial<Settings>, after: Partial<Settings>): [string, string] {
  return [said(before, after), said(after, before)]
}

const may = (everything: Permissions['everything'], modules: Permissions['modules'] = {}) => ({
  permissions: { everything, modules },
})

describe('access', () => {
  test.each<[Partial<Settings>, Partial<Settings>, string, string]>([
    [may('none'), may('none', { entry: 'read' }), 'gains read on entries', 'loses read on entries'],
    [
      may('none'),
      may('none', { entry: 'write' }),
      'gains read and write on entries',
      'loses read and write on entries',
    ],
    [
      may('none', { entry: 'read' }),
      may('none', { entry: 'write' }),
      'gains write on entries',
      'loses write on entries',
    ],
    [
      may('none'),
      may('none', { entry: 'read', content_type: 'read' }),
      'gains read on content types, entries',
      'loses read on content types, entries',
    ],
    [
      may('none', { asset: 'read' }),
      may('none', { asset: 'write', entry: 'read' }),
      'gains read on entries; gains write on assets',
      'loses read on entries; loses write on assets',
    ],
    [may('none'), may('read'), 'gains read on the whole stack', 'loses read on the whole stack'],
    [may('read'), may('write'), 'gains write on the whole stack', 'loses write on the whole stack'],
    [
      may('none', { entry: 'read' }),
      may('write'),
      'gains read and write on the whole stack; gains write on entries',
      'loses read and write on the whole stack except for entries; loses write on entries',
    ],
  ])('%j to %j is said in words, either way', (before, after, wider, narrower) => {
    expect(bothWays(before, after)).toEqual([`widens; ${wider}`, `narrows; ${narrower}`])
  })

  test('a module that the whole stack already grants is nothing new', () => {
    expect(said(may('write'), may('write', { entry: 'write' }))).toBe('neutral')
    expect(said(may('read', { entry: 'read' }), may('read'))).toBe('neutral')
    expect(said(may('read'), may('read', { entry: 'write' }))).toBe('widens; gains write on entries')
  })

  test('access to the whole stack is more than access to every module that is known', () => {
    const every = Object.fromEntries(
      [
        'content_type',
        'entry',
        'asset',
        'global_field',
        'environment',
        'locale',
        'extension',
        'label',
        'release',
        'role',
        'webhook',
        'workflow',
      ].map((module) => [module, 'read']),
    )
    expect(bothWays(may('none', every), may('read'))).toEqual([
      'widens; gains read on the whole stack',
      'narrows; loses read on the whole stack except for the modules that Countersign knows',
    ])
  })

  test('losses on the whole stack are not said of modules that keep it', () => {
    expect(said(may('write'), may('none', { workflow: 'write' }))).toBe(
      'narrows; loses read and write on the whole stack except for workflows',
    )
    expect(said(may('write', { entry: 'write' }), may('read', { entry: 'write' }))).toBe(
      'narrows; loses write on the whole stack except for entries',
    )
    expect(said(may('none', { entry: 'write' }), may('write'))).toBe('widens; gains read and write on the whole stack')
  })

  test('beside a module with less than the whole stack, access that moves is both, since nothing says which counts', () => {
    const unclear =
      "what that means is not known, since the token's scope grants less for entries than for the whole stack, and it is not clear which counts"
    expect(bothWays(may('write', { entry: 'read' }), may('write', { entry: 'write' }))).toEqual([
      `both; ${unclear}`,
      `both; ${unclear}`,
    ])
    expect(said(may('write', { entry: 'read' }), may('write', { entry: 'read', asset: 'write' }))).toBe(
      `both; ${unclear}`,
    )
    expect(said(may('write', { entry: 'read' }), may('read', { entry: 'read' }))).toContain(
      'both; is no longer given write',
    )
    expect(said(may('write', { entry: 'read' }), { ...may('write', { entry: 'read' }), name: 'other' })).toBe('neutral')
  })

  test('more here and less there is both', () => {
    expect(said(may('none', { entry: 'write' }), may('none', { asset: 'read' }))).toBe(
      'both; loses read and write on entries; gains read on assets',
    )
    expect(said(may('read', { entry: 'write' }), may('none', { asset: 'write' }))).toContain(
      'both; loses read on the whole stack except for assets; loses read and write on entries; gains write on assets',
    )
  })
})

describe('branches and aliases', () => {
  const only = (branches: string[], aliases: string[] = []) => ({ branches, aliases })

  test('adding one is wider, removing one is narrower, replacing one is both', () => {
    expect(bothWays(only(['main']), only(['main', 'a', 'b']))).toEqual([
      'widens; reaches branch a, b',
      'narrows; no longer reaches branch a, b',
    ])
    expect(bothWays(only(['main'], []), only(['main'], ['live']))).toEqual([
      'widens; reaches alias live',
      'narrows; no longer names alias live',
    ])
    expect(said(only(['main'], ['live']), only(['dev'], ['preview']))).toBe(
      'both; reaches branch dev; reaches alias preview; no longer names branch main (may still be reached through alias preview); no longer names alias live',
    )
  })

  test('nobody knows what a token without any reaches, so the first name, and the end of the last, is both', () => {
    const first = 'both; names branches or aliases for the first time, and what it reached until now is not known'
    const none = 'both; no longer names any branch or alias, and what it then reaches is not known'
    expect(bothWays(only([]), only(['main']))).toEqual([first, none])
    expect(bothWays(only([]), only([], ['live']))).toEqual([first, none])
    expect(said(only([]), only([]))).toBe('neutral')
  })

  test('an alias is not a branch of that name', () => {
    expect(said(only(['live']), only([], ['live']))).toBe(
      'both; reaches alias live; no longer names branch live (may still be reached through alias live)',
    )
  })

  const pointed = (branches: string[], targets: Record<string, string>) => ({
    ...only(branches, Object.keys(targets)),
    aliasTargets: targets,
  })

  test('a branch that an alias reaches anyway is said to be, and still counts as more or less', () => {
    const [with_, without] = [pointed(['main', 'dev'], { live: 'main' }), pointed(['dev'], { live: 'main' })]
    expect(bothWays(without, with_)).toEqual([
      'widens; also names branch main (already reached through alias live)',
      'narrows; no longer names branch main (still reached through alias live)',
    ])
  })

  test('so is an alias whose branch is reached by its own name or through another alias', () => {
    const more = { aliases: ['live', 'also'], aliasTargets: { live: 'main', also: 'main' } }
    expect(bothWays(pointed(['dev'], { live: 'main' }), { branches: ['dev'], ...more })).toEqual([
      'widens; also names alias also (→ main, already reached)',
      'narrows; no longer names alias also (→ main, still reached)',
    ])
    expect(bothWays(only(['main']), pointed(['main'], { live: 'main' }))).toEqual([
      'widens; also names alias live (→ main, already reached)',
      'narrows; no longer names alias live (→ main, still reached)',
    ])
  })

  test('one that goes together with everything that reached the same branch is no longer reached', () => {
    expect(said(pointed(['main', 'dev'], { live: 'main' }), only(['dev']))).toBe(
      'narrows; no longer reaches branch main; no longer reaches alias live (→ main)',
    )
    expect(said(only(['main', 'dev']), only(['dev']))).toBe('narrows; no longer reaches branch main')
    expect(said(pointed(['main', 'dev'], { live: 'main' }), pointed(['dev'], { live: 'dev' }))).toBe(
      'both; reaches alias live (→ dev); no longer reaches branch main; no longer reaches alias live (→ main)',
    )
  })

  test('a branch that goes beside an alias with an unknown target may still be reached', () => {
    const [more, less] = [only(['main', 'dev'], ['live']), only(['dev'], ['live'])]
    expect(bothWays(less, more)).toEqual([
      'widens; reaches branch main',
      'narrows; no longer names branch main (may still be reached through alias live)',
    ])
    expect(said(pointed(['main', 'dev'], { live: 'dev' }), pointed(['dev'], { live: 'dev' }))).toBe(
      'narrows; no longer reaches branch main',
    )
  })

  test('next to an entry that is not understood, nothing is said to be reached anyway', () => {
    const beside = (rest: Partial<Settings>) => ({ otherScope: [writingBranch], ...rest })
    expect(said(beside(pointed(['main'], { live: 'main' })), beside(pointed([], { live: 'main' })))).toMatch(
      /^both; no longer names branch main; what that means is not known/,
    )
  })

  test('order and repetition mean nothing', () => {
    expect(said(only(['a', 'b', 'a']), only(['b', 'a']))).toBe('neutral')
    expect(said(only(['a']), only(['a', 'b', 'b']))).toBe('widens; reaches branch b')
  })
})

describe('expiry', () => {
  test.each<[string | null, string | null, string, string]>([
    ['2027-01-31', '2027-02-01', 'expires 1 day later, on 2027-02-01', 'expires 1 day sooner, on 2027-01-31'],
    ['2027-01-31', '2027-05-01', 'expires 90 days later, on 2027-05-01', 'expires 90 days sooner, on 2027-01-31'],
    [
      '2027-01-31',
      '2027-01-31T06:00:00.000Z',
      'expires 6 hours later, on 2027-01-31 at 06:00 UTC',
      'expires 6 hours sooner, on 2027-01-31',
    ],
    [
      '2027-01-31T23:59:59.999Z',
      '2027-02-01',
      'expires less than a minute later, on 2027-02-01',
      'expires less than a minute sooner, on 2027-01-31 at 23:59 UTC',
    ],
    [
      '2027-01-31',
      '2027-01-31T01:30:00.000Z',
      'expires over 1 hour later, on 2027-01-31 at 01:30 UTC',
      'expires over 1 hour sooner, on 2027-01-31',
    ],
    [
      '2027-01-31',
      '2027-02-01T23:00:00.000Z',
      'expires 1 day later, on 2027-02-01 at 23:00 UTC',
      'expires 1 day sooner, on 2027-01-31',
    ],
    [
      '2027-01-31',
      '2099-01-31',
      'expires over 72 years later, on 2099-01-31',
      'expires over 72 years sooner, on 2027-01-31',
    ],
    ['2027-01-31', null, 'no longer expires', 'expires on 2027-01-31; until now, it had no expiry'],
  ])('%s to %s', (before, after, wider, narrower) => {
    expect(bothWays({ expiresOn: before }, { expiresOn: after })).toEqual([`widens; ${wider}`, `narrows; ${narrower}`])
  })

  test('the same instant, in another form, is the same', () => {
    expect(said({ expiresOn: '2027-01-31' }, { expiresOn: '2027-01-31T00:00:00.000Z' })).toBe('neutral')
    expect(said({ expiresOn: null }, { expiresOn: null })).toBe('neutral')
  })

  test('a text that is not a date is not taken for harmless, unless it stays', () => {
    const unclear = 'both; changes something that Countersign does not understand'
    expect(bothWays({ expiresOn: 'soon' }, { expiresOn: '2027-01-31' })).toEqual([unclear, unclear])
    expect(bothWays({ expiresOn: 'soon' }, { expiresOn: null })).toEqual([unclear, unclear])
    expect(said({ expiresOn: 'soon' }, { expiresOn: 'later' })).toBe(unclear)
    expect(said({ expiresOn: 'soon' }, { expiresOn: 'soon' })).toBe('neutral')
  })
})

describe('rate limits', () => {
  const limits = (rateLimits: RateLimits) => ({ rateLimits })
  const custom = (read: number, write: number) => limits({ kind: 'custom', read, write })
  const organisation = limits({ kind: 'organisation' })
  const ungoverned = limits({ kind: 'ungoverned' })

  test('more is wider and less is narrower, each for itself', () => {
    expect(bothWays(custom(5, 2), custom(10, 2))).toEqual([
      'widens; gets a read limit of 10 a second instead of 5 a second',
      'narrows; gets a read limit of 5 a second instead of 10 a second',
    ])
    expect(said(custom(5, 2), custom(4, 3))).toBe(
      'both; gets a read limit of 4 a second instead of 5 a second; gets a write limit of 3 a second instead of 2 a second',
    )
  })

  test("the organisation's limits are the highest", () => {
    expect(bothWays(custom(5, 2), organisation)).toEqual([
      "widens; gets the organisation's read limit instead of 5 a second; gets the organisation's write limit instead of 2 a second",
      "narrows; gets a read limit of 5 a second instead of the organisation's; gets a write limit of 2 a second instead of the organisation's",
    ])
    expect(said(organisation, organisation)).toBe('neutral')
  })

  test('limits that are not managed here are not taken for harmless, unless they stay', () => {
    const unclear = 'both; changes something that Countersign does not understand'
    expect(bothWays(ungoverned, organisation)).toEqual([unclear, unclear])
    expect(bothWays(ungoverned, custom(1, 1))).toEqual([unclear, unclear])
    expect(said(ungoverned, ungoverned)).toBe('neutral')
  })
})

describe('the fields that only people read', () => {
  test.each<[string, Partial<Settings>]>([
    ['name', { name: 'other' }],
    ['description', { description: 'other' }],
    ['e-mail notice', { emailNotice: false }],
  ])('another %s is neutral', (_, change) => {
    expect(said({}, change)).toBe('neutral')
  })
})

test('scope entries that are not understood are not taken for harmless, unless they stay', () => {
  const [a, b] = ['{"module":"a"}', '{"module":"b"}']
  const unclear = 'both; changes something that Countersign does not understand'
  expect(bothWays({ otherScope: [a] }, { otherScope: [] })).toEqual([unclear, unclear])
  expect(said({ otherScope: [a] }, { otherScope: [b] })).toBe(unclear)
  expect(said({ otherScope: [a, b] }, { otherScope: [b, a, b] })).toBe('neutral')
})

describe('beside a scope entry that is not understood', () => {
  const notKnown = 'what that means is not known, because of a scope entry that Countersign does not understand'
  const unclear = [
    writingBranch,
    '{"acl":{"read":true,"write":true},"branch_aliases":["live"],"module":"branch_alias"}',
    '{"acl":{"read":true},"branches":["main"],"module":"entry"}',
    '{"acl":{"read":true},"module":"branch_group"}',
    '{"acl":{"deny":true},"module":"$all"}',
    '{"acl":{"read":true}}',
    '{"acl":{"read":true},"module":"stack"}',
    '{"acl":{"read":true},"module":"everything"}',
    '{"acl":{"read":true},"module":"taxonomy"}',
    '{"acl":{"publish":true,"read":true},"module":"entry"}',
    '"all"',
    '',
  ]

  test.each(unclear)('%s: branches, aliases and access that move are both, described by what is written', (entry) => {
    const beside = (rest: Partial<Settings>) => ({ branches: [], aliases: [], otherScope: [entry], ...rest })
    expect(bothWays(beside({}), beside({ aliases: ['live'] }))).toEqual([
      `both; names alias live; ${notKnown}`,
      `both; no longer names alias live; ${notKnown}`,
    ])
    expect(said(beside({ branches: ['main'] }), beside({ branches: ['main', 'a'], aliases: ['live'] }))).toBe(
      `both; names branch a; names alias live; ${notKnown}`,
    )
    expect(bothWays(beside(may('none', { entry: 'read' })), beside(may('none', { entry: 'write' })))).toEqual([
      `both; is given write on entries; ${notKnown}`,
      `both; is no longer given write on entries; ${notKnown}`,
    ])
    expect(said(beside(may('read')), beside({ ...may('none'), expiresOn: null }))).toBe(
      `both; is no longer given read on the whole stack; ${notKnown}; no longer expires`,
    )
  })

  test.each(unclear)('%s: a change about neither is judged by itself', (entry) => {
    const otherScope = [entry]
    expect(said({ otherScope }, { otherScope, description: 'other' })).toBe('neutral')
    expect(said({ otherScope }, { otherScope, expiresOn: '2027-02-01' })).toBe(
      'widens; expires 1 day later, on 2027-02-01',
    )
  })
})

test('a change that does several things says all of it, access first', () => {
  const after = { ...may('none', { content_type: 'read', entry: 'write', asset: 'write' }), expiresOn: '2027-05-01' }
  expect(said({}, { ...after, branches: ['main'], rateLimits: { kind: 'custom', read: 1, write: 1 } })).toBe(
    'both; gains read and write on assets; no longer names branch development (may still be reached through alias live); expires 90 days later, on 2027-05-01; ' +
      "gets a read limit of 1 a second instead of the organisation's; " +
      "gets a write limit of 1 a second instead of the organisation's",
  )
})

test('a verdict follows from its effects', () => {
  const effect = (direction: Effect['direction']): Effect => ({ direction, what: { kind: 'other' } })
  const verdict = (...directions: Effect['direction'][]) => verdictOf(directions.map(effect))
  expect(verdict()).toBe('neutral')
  expect(verdict('wider', 'wider')).toBe('widens')
  expect(verdict('narrower')).toBe('narrows')
  expect(verdict('wider', 'narrower')).toBe('both')
  expect(verdict('unknown')).toBe('both')
  expect(verdict('wider', 'unknown')).toBe('both')
})
