import fc from 'fast-check'
import type { Policy, Rule } from '../../../src/domain/policy/policy.ts'
import { alice, ask, bob, carol, dave, mallory, owners, policyOf, security } from '../world.ts'

/** Everybody may ask or decide here, in any mix: their standing and groups change as the history goes. */
export const everybody = [alice, bob, carol, dave, mallory]
const askers = 'S0ASKERS'
export const groups = [owners, security, askers]

const parties = (...all: { from: readonly string[]; quorum: number }[]) => ({
  outcome: { kind: 'ask' as const, parties: all, confirm: false },
})

/** Each of these is in a policy, or not; the first that fits decides. */
const special: readonly Rule[] = [
  { name: 'for ever', when: { expiry: 'removed' }, outcome: { kind: 'refuse', because: 'tokens have to end' } },
  {
    name: 'writing',
    when: { gains: ['write'] },
    ...parties({ from: [security], quorum: 1 }, { from: [owners], quorum: 1 }),
  },
  {
    name: 'the second token',
    when: { token: ['t2'] },
    outcome: { kind: 'ask', parties: [{ from: [owners, carol], quorum: 1 }], confirm: true },
  },
  {
    name: 'of Dave or security',
    when: { requester: [dave, security] },
    ...parties({ from: [alice, carol], quorum: 2 }),
  },
]

export const somePolicy: fc.Arbitrary<Policy> = fc
  .record({
    rules: fc.subarray([...special]),
    last: fc.constantFrom(ask([bob, carol, owners]), ask([owners, security, bob], 2), ask([bob, carol, dave])),
    mayAsk: fc.constantFrom(null, [askers], [alice, dave, owners]),
  })
  .map(({ rules, last, mayAsk }) => policyOf([...rules, last], { mayAsk }))
