import fc from 'fast-check'
import type { When } from '../../src/domain/policy/when.ts'
import { bob, carol, owners } from './world.ts'

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 })
/** Every condition there is. */
const someOf: { readonly [K in keyof When]-?: fc.Arbitrary<NonNullable<When[K]>> } = {
  verdict: some('widens', 'narrows', 'both', 'neutral'),
  gains: some('write', '$all', 'entry'),
  touches: some('main', 'dev*', '*', 'live'),
  expiry: fc.constantFrom('removed' as const, { laterThanDays: 90 }, { laterThanDays: 9000 }),
  writes: fc.boolean(),
  rateLimits: fc.constant('raised'),
  token: some('*', 't?', 't1', 'x'),
  stack: some('*', 'web*', 'website', 'docs'),
  requester: some(bob, carol, owners),
}
export const someWhen = fc.record(someOf, { requiredKeys: [] }) as fc.Arbitrary<When>
/** Few conditions, which leave little to the rules behind them. */
export const wideWhen = fc
  .subarray(Object.entries<fc.Arbitrary<unknown>>(someOf), { maxLength: 2 })
  .chain((these) => fc.record(Object.fromEntries(these)) as fc.Arbitrary<When>)
