import { expect, describe as group, test } from 'vitest'
import { sameAsk } from '../../../src/domain/change/ask.ts'
import { moduleInWords } from '../../../src/domain/token/access.ts'
import { describe, diff, same } from '../../../src/domain/token/diff.ts'
import { modules, type Settings } from '../../../src/domain/token/token.ts'
import { settings } from '../../support/world.ts'

function access(granted: Settings['permissions']['modules']): Settings['permissions'] {
  return { everything: 'none', modules: granted }
}

group('what is no difference', () => {
  test.each<[string, Settings, Settings]>([
    ['the order of branches', settings(), settings({ branches: ['development', 'main'] })],
    ['the order of aliases', settings({ aliases: ['a', 'b'] }), settings({ aliases: ['b', 'a'] })],
    ['a branch named twice', settings(), settings({ branches: ['main', 'development', 'main'] })],
    ['the order of modules', settings(), settings({ permissions: access({ entry: 'write', content_type: 'read' }) })],
    [
      'the order of other scope entries',
      settings({ otherScope: ['{"a":1}', '{"b":2}'] }),
      settings({ otherScope: ['{"b":2}', '{"a":1}'] }),
    ],
    ['an expiry written as an instant', settings(), settings({ expiresOn: '2027-01-31T00:00:00.000Z' })],
    ['an expiry written with an offset', settings(), settings({ expiresOn: '2027-01-31T02:00:00+02:00' })],
    ['the order of keys', settings(), Object.fromEntries(Object.entries(settings()).reverse()) as Settings],
  ])('%s', (_, before, after) => {
    expect(diff(before, after)).toEqual([])
    expect(same(before, after)).toBe(true)
  })
})

group('every field in words', () => {
  test.each<[string, Partial<Settings>, string, string]>([
    ['Name', { name: 'ci-release' }, 'ci-deploy', 'ci-release'],
    ['Description', { description: '' }, 'Deploys from CI', 'none'],
    ['Branches', { branches: ['main', 'feature-x'] }, 'development, main', 'feature-x, main'],
    ['Branches', { branches: [] }, 'development, main', 'none'],
    ['Branch aliases', { aliases: [] }, 'live', 'none'],
    ['Whole stack', { permissions: { ...settings().permissions, everything: 'write' } }, 'no access', 'read and write'],
    ['Content types', { permissions: access({ entry: 'write' }) }, 'read', 'no access'],
    ['Entries', { permissions: access({ content_type: 'read', entry: 'read' }) }, 'read and write', 'read'],
    ['Expires', { expiresOn: null }, '2027-01-31', 'never'],
    ['Expires', { expiresOn: '2027-02-01T00:00:00.000Z' }, '2027-01-31', '2027-02-01'],
    ['Expires', { expiresOn: '2027-01-31T12:00:00.000Z' }, '2027-01-31', '2027-01-31 12:00:00 UTC'],
    ['Expires', { expiresOn: '2027-01-31T23:59:59.999+00:00' }, '2027-01-31', '2027-01-31 23:59:59.999 UTC'],
    ['Expires', { expiresOn: '2027-01-31T12:00:00+02:00' }, '2027-01-31', '2027-01-31T12:00:00+02:00'],
    ['Expires', { expiresOn: '2027-02-31T00:00:00Z' }, '2027-01-31', '2027-02-31T00:00:00Z'],
    ['E-mail 7 days before expiry', { emailNotice: false }, 'yes', 'no'],
    [
      'Rate limits',
      { rateLimits: { kind: 'custom', read: 5, write: 2 } },
      "the organisation's",
      '5 reads and 2 writes a second',
    ],
    [
      'Rate limits',
      { rateLimits: { kind: 'custom', read: 1, write: 1 } },
      "the organisation's",
      '1 read and 1 write a second',
    ],
    ['Rate limits', { rateLimits: { kind: 'ungoverned' } }, "the organisation's", 'not managed here'],
    ['Other scope entries', { otherScope: ['{"module":"x"}'] }, 'none', '{"module":"x"}'],
  ])('%s: %o', (label, changes, before, after) => {
    expect(diff(settings(), settings(changes))).toEqual([{ key: expect.any(String), label, before, after }])
  })

  test('a token has the same fields in the same order, each once, whatever its settings', () => {
    const keys = (of: Settings) => describe(of).map((field) => field.key)
    const bare = settings({ branches: [], aliases: [], permissions: access({}), expiresOn: null })
    expect(keys(bare)).toEqual(keys(settings()))
    expect(new Set(keys(bare)).size).toBe(keys(bare).length)
  })

  test('no setting of a token is left out of its description', () => {
    const changed: Record<Exclude<keyof Settings, 'aliasTargets' | 'otherExpiry'>, Settings> = {
      name: settings({ name: 'x' }),
      description: settings({ description: 'x' }),
      branches: settings({ branches: [] }),
      aliases: settings({ aliases: [] }),
      permissions: settings({ permissions: access({}) }),
      expiresOn: settings({ expiresOn: null }),
      emailNotice: settings({ emailNotice: false }),
      rateLimits: settings({ rateLimits: { kind: 'ungoverned' } }),
      otherScope: settings({ otherScope: ['{}'] }),
    }
    for (const after of Object.values(changed)) expect(same(settings(), after)).toBe(false)
  })

  test.each(modules)('access to %s is seen when it is granted', (module) => {
    const none = settings({ permissions: access({}) })
    const granted = settings({ permissions: access({ [module]: 'read' }) })
    expect(diff(none, granted)).toEqual([
      { key: `module.${module}`, label: moduleInWords(module), before: 'no access', after: 'read' },
    ])
  })

  test('the names of modules are plurals that people use', () => {
    expect(modules.map(moduleInWords).join(', ')).toBe(
      'Content types, Entries, Assets, Global fields, Environments, Locales, Extensions, Labels, Releases, Roles, ' +
        'Webhooks, Workflows',
    )
  })
})

group('differences that look alike', () => {
  test('a description that says "none" is not an empty one', () => {
    expect(same(settings({ description: '' }), settings({ description: 'none' }))).toBe(false)
  })

  test('one branch with a comma in its name is not two branches', () => {
    expect(same(settings({ branches: ['a, b'] }), settings({ branches: ['a', 'b'] }))).toBe(false)
    expect(same(settings({ aliases: ['a, b'] }), settings({ aliases: ['a', 'b'] }))).toBe(false)
  })

  test('an expiry that is not a date differs from never and from another that is not a date', () => {
    expect(same(settings({ expiresOn: 'soon' }), settings({ expiresOn: null }))).toBe(false)
    expect(same(settings({ expiresOn: 'soon' }), settings({ expiresOn: 'later' }))).toBe(false)
    expect(same(settings({ expiresOn: 'soon' }), settings({ expiresOn: 'soon' }))).toBe(true)
  })

  test('an expiry that only reads like never, or like an instant, is neither', () => {
    expect(same(settings({ expiresOn: 'null' }), settings({ expiresOn: null }))).toBe(false)
    const instant = String(Date.parse('2027-01-31'))
    expect(same(settings({ expiresOn: instant }), settings({ expiresOn: '2027-01-31' }))).toBe(false)
  })

  test('an expiry at the epoch is not never', () => {
    expect(same(settings({ expiresOn: '1970-01-01' }), settings({ expiresOn: null }))).toBe(false)
  })

  test('a name in different letter case is another name', () => {
    expect(same(settings({ name: 'CI-deploy' }), settings())).toBe(false)
  })
})

test('every field has a key of its own, which identifies it', () => {
  const keys = describe(settings()).map(({ key }) => key)
  expect(keys.filter((key) => !key.startsWith('module.'))).toEqual([
    'name',
    'description',
    'branches',
    'aliases',
    'everything',
    'expiresOn',
    'emailNotice',
    'rateLimits',
    'otherScope',
  ])
  expect(keys.filter((key) => key.startsWith('module.'))).toEqual(modules.map((module) => `module.${module}`))
})

test('several names or entries are told apart', () => {
  const [many] = [settings({ branches: ['b', 'a'], aliases: ['y', 'x'], otherScope: ['{"b":1}', '{"a":1}'] })]
  const said = Object.fromEntries(describe(many).map(({ key, value }) => [key, value]))
  expect(said).toMatchObject({ branches: 'a, b', aliases: 'x, y', otherScope: '{"a":1} {"b":1}' })
})

test('two ask for the same if the settings mean the same and the reason is in the same words', () => {
  const ask = { after: settings({ branches: ['main', 'development'] }), reason: 'Moved' }
  expect(sameAsk(ask, { ...ask, after: settings({ branches: ['development', 'main'] }) })).toBe(true)
  expect(sameAsk(ask, { ...ask, after: settings({ name: 'other' }) })).toBe(false)
  expect(sameAsk(ask, { ...ask, reason: 'moved' })).toBe(false)
})
