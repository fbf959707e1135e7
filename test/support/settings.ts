import fc from 'fast-check'
import { modules, type Settings } from '../../src/domain/token/token.ts'

const names = (...all: string[]) => fc.subarray(all)
const access = fc.constantFrom('none' as const, 'read' as const, 'write' as const)
const granted = fc.constantFrom('read' as const, 'write' as const)

/** A scope entry that the app does not understand: no source says what a token may do with these branches. */
export const writingBranch = '{"acl":{"read":true,"write":true},"branches":["development"],"module":"branch"}'

/** Settings from a pool so small that two of them often have something in common. */
export const someSettings: fc.Arbitrary<Settings> = fc.record({
  name: fc.constantFrom('ci-deploy', 'ci-release'),
  description: fc.constantFrom('', 'Deploys from CI'),
  branches: names('main', 'development', 'feature-x'),
  aliases: names('live', 'preview'),
  permissions: fc.record({
    everything: fc.oneof({ weight: 3, arbitrary: fc.constant('none' as const) }, access),
    modules: fc.dictionary(fc.constantFrom(...modules.slice(0, 3), 'workflow' as const), granted, { maxKeys: 3 }),
  }),
  expiresOn: fc.constantFrom(null, '2027-01-31', '2027-01-31T00:00:00.000Z', '2027-06-30', '2027-01-31T06:00:00.000Z'),
  emailNotice: fc.boolean(),
  rateLimits: fc.oneof(
    fc.constant({ kind: 'organisation' as const }),
    fc.record({ kind: fc.constant('custom' as const), read: fc.constantFrom(5, 10), write: fc.constantFrom(2, 5) }),
  ),
  otherScope: fc.oneof(
    { weight: 9, arbitrary: fc.constant<string[]>([]) },
    names('{"module":"a"}', '{"module":"b"}'),
    fc.constant([writingBranch]),
  ),
})

/** Often only a small step from `from`. */
export function stepFrom(from: Settings): fc.Arbitrary<Settings> {
  const fields = Object.keys(from) as (keyof Settings)[]
  return fc
    .tuple(someSettings, fc.subarray(fields, { maxLength: 2 }))
    .map(([other, changed]) => ({ ...from, ...Object.fromEntries(changed.map((field) => [field, other[field]])) }))
}
