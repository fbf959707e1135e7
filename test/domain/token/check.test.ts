import { describe, expect, test } from 'vitest'
import { check, errorsInWords } from '../../../src/domain/token/check.ts'
import type { Settings, StackFacts } from '../../../src/domain/token/token.ts'
import { writingBranch } from '../../support/settings.ts'
import { facts, settings } from '../../support/world.ts'

type Asked = Partial<{ before: Settings; facts: StackFacts; reason: string; now: Date }>

function errors(after: Partial<Settings>, asked: Asked = {}) {
  const now = new Date('2026-06-01T09:00:00.000Z')
  return check({ before: settings(), after: settings(after), reason: 'needed', facts: facts(), now, ...asked })
}

const nothing = { everything: 'none', modules: {} } as const
const custom = (read: number, write: number) => ({ rateLimits: { kind: 'custom', read, write } as const })

test('a proposal within every limit is welcome', () => {
  expect(
    errors({ name: 'n'.repeat(50), branches: ['feature-x'], expiresOn: '2026-06-02', ...custom(100, 50) }),
  ).toEqual({})
})

describe('a list that the stack refused', () => {
  const unlisted = facts({ branches: [], aliases: [], unlisted: { branches: 'no plan', aliases: 'no plan' } })

  test('leaves every edit possible that does not need it', () => {
    expect(errors({ name: 'another', description: 'else' }, { facts: unlisted })).toEqual({})
    expect(errors({ branches: ['main'] }, { facts: unlisted })).toEqual({})
  })

  test('lets nothing be added from it, and says why', () => {
    expect(errors({ branches: ['main', 'feature-x'], aliases: ['live', 'preview'] }, { facts: unlisted })).toEqual({
      branches: expect.stringMatching(/did not list the branches of this stack \(no plan\)/),
      aliases: expect.stringMatching(/did not list the branch aliases of this stack \(no plan\)/),
    })
  })
})

describe('a list with entries that cannot be read', () => {
  const odd = { count: 1, why: 'uid: is empty' }
  const unread = facts({ unread: { branches: odd, aliases: { ...odd, count: 2 } } })

  test('lets everything readable be added, and what the token has may stay', () => {
    const before = settings({ branches: ['gone'], aliases: ['lost'] })
    const after = { branches: ['gone', 'feature-x'], aliases: ['lost', 'preview'] }
    expect(errors(after, { facts: unread, before })).toEqual({})
  })

  test('does not turn another name into one that the stack does not have', () => {
    expect(errors({ branches: ['main', 'hotfix'], aliases: ['next'] }, { facts: unread })).toEqual({
      branches: `Countersign knows of no branch called hotfix. The stack lists a branch that can't be read (uid: is empty), so it can't be added here: add it in Contentstack.`,
      aliases: expect.stringMatching(
        /no branch alias called next\. The stack lists 2 branch aliases that can't be read/,
      ),
    })
  })
})

describe('name', () => {
  test('a token needs a name', () => {
    expect(errors({ name: '  ' })).toEqual({ name: 'A token needs a name.' })
    expect(errors({ name: ' \u200B' })).toEqual({ name: 'A token needs a name.' })
  })

  test('a name that nobody can see may stay', () => {
    expect(errors({ name: '\u200B', description: 'new' }, { before: settings({ name: '\u200B' }) })).toEqual({})
  })

  test('a name has at most 50 characters, as a person counts them', () => {
    expect(errors({ name: 'n'.repeat(51) })).toEqual({ name: 'A name has at most 50 characters; this one has 51.' })
    expect(errors({ name: '🚀'.repeat(50) })).toEqual({})
  })

  test('a name that is too long already may stay', () => {
    const name = 'n'.repeat(60)
    expect(errors({ name, description: 'new' }, { before: settings({ name }) })).toEqual({})
  })
})

describe('scope', () => {
  const none = { branches: [], aliases: [] }

  test('a stack with branches wants at least one branch or alias', () => {
    const wanted = 'This stack uses branches: a token needs at least one branch or alias.'
    expect(errors(none)).toEqual({ branches: wanted })
    expect(errors({ branches: [], aliases: ['live'] })).toEqual({})
    expect(errors({ branches: ['main'], aliases: [] })).toEqual({})
  })

  test('a token that names none may still be edited', () => {
    for (const otherScope of [[], [writingBranch]]) {
      const before = settings({ ...none, otherScope })
      expect(errors({ ...before, description: 'new' }, { before })).toEqual({})
    }
  })

  test('the last may go where an entry that is not understood names some', () => {
    const before = settings({ branches: [], aliases: ['live'], otherScope: [writingBranch] })
    expect(errors({ ...before, aliases: [] }, { before })).toEqual({})
  })

  test('a stack without branches wants none', () => {
    expect(errors(none, { facts: facts({ branchesEnabled: false }) })).toEqual({})
  })

  test('a branch or alias that the stack does not have is named', () => {
    expect(errors({ branches: ['main', 'gone'] })).toEqual({ branches: 'The stack has no branch called gone.' })
    expect(errors({ aliases: ['gone'] })).toEqual({ aliases: 'The stack has no branch alias called gone.' })
  })

  test('a branch or alias that the token has already may stay, even when the stack no longer has it', () => {
    const old = { branches: ['gone'], aliases: ['gone-too'] }
    expect(errors(old, { before: settings(old) })).toEqual({})
  })
})

describe('permissions', () => {
  test('a token that could do nothing at all is refused', () => {
    expect(errors({ permissions: nothing })).toEqual({
      permissions: 'This token could do nothing at all: give it some access.',
    })
  })

  test('a token that already could do nothing may still be edited', () => {
    const before = settings({ permissions: nothing })
    expect(errors({ ...before, description: 'new' }, { before })).toEqual({})
  })

  test('access to the whole stack, to one module, or an entry unknown to the app is some access', () => {
    expect(errors({ permissions: { everything: 'read', modules: {} } })).toEqual({})
    expect(errors({ permissions: { everything: 'none', modules: { asset: 'read' } } })).toEqual({})
    expect(errors({ permissions: nothing, otherScope: ['{"module":"new"}'] })).toEqual({})
  })
})

test('a problem of two fields is named once', () => {
  const same = 'Give a whole number above zero.'
  expect(errorsInWords({ readRate: same, writeRate: same, name: 'A token needs a name.' })).toBe(
    `${same} A token needs a name.`,
  )
})

describe('expiry', () => {
  const over = {
    expiresOn: 'The token would have expired already: it ends at midnight UTC as that day begins. Choose a later day.',
  }

  test('today is too late, because the day has begun', () => {
    expect(errors({ expiresOn: '2026-06-01' })).toEqual(over)
    expect(errors({ expiresOn: '2026-06-02' })).toEqual({})
  })

  test('where the stack keeps the end of a day, that end counts', () => {
    const before = settings({ expiresOn: '2027-01-31T23:59:59.999Z' })
    expect(errors({ expiresOn: '2026-06-01T23:59:59.999Z' }, { before })).toEqual({})
    expect(errors({ expiresOn: '2026-05-31T23:59:59.999Z' }, { before })).toEqual({
      expiresOn: 'The token would have expired already: it ends at the end of that day (UTC). Choose a later day.',
    })
  })

  test('the very instant of expiry is too late', () => {
    expect(errors({ expiresOn: '2026-06-01T09:00:00.000Z' })).toEqual(over)
    expect(errors({ expiresOn: '2026-06-01T09:00:00.001Z' })).toEqual({})
  })

  test('never is always welcome', () => {
    expect(errors({ expiresOn: null })).toEqual({})
  })

  test('a text that is not a date is refused', () => {
    expect(errors({ expiresOn: 'soon' })).toEqual({ expiresOn: 'This is not a date: choose a day.' })
  })

  test('beside a field that is not understood it stays as it is, and everything else may be edited', () => {
    const before = settings({ otherExpiry: ['expires_at: "2030-01-01"', 'is_never_expires: true'] })
    const why =
      'Countersign does not understand fields about this token\'s expiry (expires_at: "2030-01-01", is_never_expires: true), so the expiry can\'t be changed here: change it in Contentstack.'
    for (const expiresOn of ['2027-02-01', null, 'soon'])
      expect(errors({ ...before, expiresOn }, { before })).toEqual({ expiresOn: why })
    expect(errors({ ...before, name: 'other', emailNotice: false }, { before })).toEqual({})
  })

  test('a token that has already expired, or whose expiry is not a date, may still be edited', () => {
    for (const expiresOn of ['2020-01-01', 'soon'])
      expect(errors({ expiresOn, description: 'new' }, { before: settings({ expiresOn }) })).toEqual({})
  })
})

describe('rate limits', () => {
  test.each([0, -1, 1.5, Number.NaN])('%s requests a second is not a rate', (rate) => {
    const wrong = 'Give a whole number above zero.'
    expect(errors(custom(rate, 1))).toEqual({ readRate: wrong })
    expect(errors(custom(1, rate))).toEqual({ writeRate: wrong })
  })

  test('a token may not be allowed more than the organisation', () => {
    expect(errors(custom(101, 51))).toEqual({
      readRate: 'The organisation allows at most 100 reads a second.',
      writeRate: 'The organisation allows at most 50 writes a second.',
    })
  })

  test('if the plan could not be read, the stack says what is too much', () => {
    expect(errors(custom(1000, 1000), { facts: facts({ organisationLimits: null }) })).toEqual({})
  })

  test('a stack whose rate limits are not managed takes none', () => {
    const unmanaged = { readRate: 'Rate limits are not managed for this stack.' }
    expect(errors(custom(1, 1), { facts: facts({ rateLimitsGoverned: false }) })).toEqual(unmanaged)
    expect(errors(custom(1, 1), { before: settings({ rateLimits: { kind: 'ungoverned' } }) })).toEqual(unmanaged)
  })

  test("the organisation's limits ask for nothing more", () => {
    expect(errors({ rateLimits: { kind: 'organisation' }, name: 'x' }, { before: settings(custom(1, 1)) })).toEqual({})
  })
})

test.each([' \n', '\u200B \u2800'])('a change needs a reason that can be read (%j)', (reason) => {
  expect(errors({ name: 'x' }, { reason })).toEqual({
    reason: 'Say why: approvers read it to decide, and it goes into the log.',
  })
})

test('everything that stands in the way is said at once', () => {
  const wrong = {
    name: '',
    branches: ['gone'],
    aliases: ['gone'],
    permissions: nothing,
    expiresOn: '2020-01-01',
    ...custom(0, 0),
  }
  expect(Object.keys(errors(wrong, { reason: '' })).sort()).toEqual([
    'aliases',
    'branches',
    'expiresOn',
    'name',
    'permissions',
    'readRate',
    'reason',
    'writeRate',
  ])
})

test('nothing is granted beside an entry for the same module that the app does not understand', () => {
  const strange = '{"acl":{"read":true,"publish":true},"module":"asset"}'
  const before = settings({ otherScope: [strange] })
  const granted = {
    ...before,
    permissions: { everything: 'none', modules: { entry: 'write', asset: 'read' } },
  } as const
  expect(check({ before, after: granted, reason: 'r', facts: facts(), now: new Date(0) })).toEqual({
    permissions: expect.stringContaining('asset'),
  })
})

test('a branch list is not started beside a branch entry that the app does not understand', () => {
  const before = settings({
    branches: [],
    otherScope: ['{"acl":{"read":true,"write":true},"branches":["main"],"module":"branch"}'],
  })
  const asked = { before, after: { ...before, branches: ['main'] }, reason: 'r', facts: facts(), now: new Date(0) }
  expect(check(asked)).toEqual({ branches: expect.stringContaining('branch') })
})

test('a change too long to be shown whole on one card is refused', () => {
  const before = settings()
  const asked = { before, reason: 'r'.repeat(3000), facts: facts(), now: new Date(0) }
  expect(check({ ...asked, after: { ...before, description: 'd'.repeat(5000) } })).toEqual({})
  expect(check({ ...asked, after: { ...before, description: 'd'.repeat(5001) } })).toEqual({
    reason: expect.stringContaining('too long'),
  })
})

test('a custom rate above what the organisation now allows does not stop edits of anything else', () => {
  const before = settings({ rateLimits: { kind: 'custom', read: 999, write: 1 } })
  const asked = { before, after: { ...before, name: 'other' }, reason: 'r', facts: facts(), now: new Date(0) }
  expect(check(asked)).toEqual({})
})

describe('beside scope entries that the app does not understand', () => {
  const strange = (module: unknown) => JSON.stringify({ acl: { publish: true }, module })
  const beside = (module: unknown, before: Partial<Settings>, after: Partial<Settings>) => {
    const otherScope = [strange(module)]
    return Object.keys(errors({ otherScope, ...after }, { before: settings({ otherScope, ...before }) }))
  }
  const on = (branches: string[], aliases: string[] = []) => ({ branches, aliases })
  const may = (everything: 'none' | 'read' | 'write', modules: Settings['permissions']['modules'] = {}) => ({
    permissions: { everything, modules },
  })

  test.each<[string, Partial<Settings>, Partial<Settings>, string[]]>([
    ['branch', on([], ['live']), on(['main'], ['live']), ['branches']],
    ['branch', on(['main']), on(['main', 'development']), []],
    ['branch', on([], ['live']), on([], ['live', 'preview']), []],
    ['branch', on(['main'], ['live']), on([], ['live']), []],
    ['branch_alias', on(['main']), on(['main'], ['live']), ['aliases']],
    ['branch_alias', on(['main'], ['live']), on(['main'], ['live', 'preview']), []],
    ['branch_alias', on(['main']), on(['main', 'development']), []],
    ['branch_alias', on(['main'], ['live']), on(['main']), []],
    ['asset', may('none', { asset: 'read' }), may('none', { asset: 'write' }), []],
    ['asset', may('none', { entry: 'read' }), may('none', { asset: 'read' }), ['permissions']],
    ['$all', may('none'), may('read'), ['permissions']],
    ['$all', may('read'), may('write'), []],
    ['$all', may('none'), may('none', { entry: 'read' }), []],
    ['$all', may('read'), may('none', { entry: 'read' }), []],
    ['entry', may('none'), may('read'), []],
    ['entry', may('none'), may('read', { entry: 'read' }), ['permissions']],
    [undefined as unknown as string, may('none'), may('read', { entry: 'read' }), []],
  ])('an entry for %s: from %j to %j is refused at %j', (module, before, after, fields) => {
    expect(beside(module, before, after)).toEqual(fields)
  })
})

test('fields without an error are not mentioned at all', () => {
  expect(errors({ name: '' })).toStrictEqual({ name: 'A token needs a name.' })
})

test('several names that the stack does not have are told apart', () => {
  expect(errors({ branches: ['gone', 'lost'] }).branches).toBe('The stack has no branch called gone, lost.')
})

test('an expiry in the past may stay, in another form', () => {
  const before = settings({ expiresOn: '2026-01-31' })
  expect(errors({ expiresOn: '2026-01-31T00:00:00.000Z' }, { before })).toEqual({})
  expect(errors({ expiresOn: '2026-01-30' }, { before })).toHaveProperty('expiresOn')
})
