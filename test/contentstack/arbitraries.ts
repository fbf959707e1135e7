import fc from 'fast-check'
import type { Fields } from '../../src/contentstack/fields.ts'
import { modules, type Settings } from '../../src/domain/token/token.ts'

export const rateLimitFields = { enabled: 'rate_limit.on', read: 'rate_limit.per.read', write: 'rate_limit_write' }

const day = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const expiry = fc.oneof(
  day,
  day.map((date) => `${date}T00:00:00.000Z`),
  day.map((date) => `${date}T12:30:00Z`),
  day.map((date) => `${date}T00:00:00+00:00`),
  day.map((date) => `${date}T00:00:00.000+05:30`),
)

const name = fc.constantFrom('main', 'development', 'feature-x', 'live', '$all')
const names = fc.array(name, { maxLength: 4 })
const module = fc.constantFrom('$all', ...modules)

const acl = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom({ read: true }, { read: true, write: true }, { read: true, write: false }) },
  fc.constantFrom({ read: false }, { read: false, write: false }, { read: false, write: true }, { write: true }, {}),
  fc.constantFrom({ read: 'true' }, { read: true, create: true }, null),
)
const extras = fc.constantFrom({}, {}, { _metadata: { uid: 'cs1' } }, { note: 'kept' })
const branch = fc.record({ module: fc.constant('branch'), acl, branches: names }, { requiredKeys: ['module', 'acl'] })
const alias = fc.record({ module: fc.constant('branch_alias'), acl, branch_aliases: names })

/** Scope entries that a stack may show, many of which the app doesn't understand. */
const scope = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.record({ module, acl }), extras).map(([entry, extra]) => ({ ...entry, ...extra })),
    },
    { weight: 2, arbitrary: fc.oneof(branch, alias) },
    fc.record({ module: fc.constantFrom('variant', 'taxonomy'), acl }),
    fc.constantFrom({ module: 'entry', acl: { read: true }, branches: ['main'] }, { acl: {} }, 'entry', null, 7),
  ),
  { maxLength: 8 },
)

const rate = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }).map(String))
const limits = fc.oneof(
  fc.constant({}),
  fc.record({ on: fc.constantFrom(true, false, 'true', null), per: fc.record({ read: rate }), other: fc.string() }),
)

/** Tokens without their read-only fields, with keys that nobody knows. */
export const rawToken: fc.Arbitrary<Fields> = fc
  .tuple(
    fc.dictionary(
      fc.string({ minLength: 1 }).map((key) => `x_${key}`),
      fc.jsonValue(),
      { maxKeys: 3 },
    ),
    fc.record(
      {
        name: fc.string(),
        description: fc.option(fc.string()),
        scope: fc.option(scope, { freq: 20 }),
        expires_on: fc.oneof(expiry, fc.constantFrom(null, '')),
        is_email_notification_enabled: fc.option(fc.boolean()),
        rate_limit: limits,
        rate_limit_write: rate,
      },
      { requiredKeys: ['name'] },
    ),
  )
  .chain(([unknown, known]) =>
    fc.shuffledSubarray(Object.entries({ ...unknown, ...known }), {
      minLength: Object.keys({ ...unknown, ...known }).length,
    }),
  )
  .map((entries) => Object.fromEntries(entries))

/** Settings to ask for, with nothing in `otherScope`. */
export const settings: fc.Arbitrary<Settings> = fc.record({
  name: fc.string(),
  description: fc.string(),
  branches: names,
  aliases: names,
  permissions: fc.record({
    everything: fc.constantFrom('none' as const, 'read' as const, 'write' as const),
    modules: fc.dictionary(fc.constantFrom(...modules), fc.constantFrom('read' as const, 'write' as const)),
  }),
  expiresOn: fc.option(expiry),
  emailNotice: fc.boolean(),
  rateLimits: fc.oneof(
    fc.constant({ kind: 'organisation' as const }),
    fc.record({
      kind: fc.constant('custom' as const),
      read: fc.integer({ min: 1, max: 100 }),
      write: fc.integer({ min: 1, max: 100 }),
    }),
  ),
  otherScope: fc.constant([]),
})
