import type { PersonSpec, UserGroupSpec } from '../../sandbox/slack/protocol.ts'

/** The people of the demo: one for each role towards a change. */
export const demoPeople: readonly PersonSpec[] = [
  { id: 'U0ALICE', name: 'alice', realName: 'Alice Arden' },
  { id: 'U0BOB', name: 'bob', realName: 'Bob Brandt' },
  { id: 'U0CAROL', name: 'carol', realName: 'Carol Castro' },
  { id: 'U0DAVE', name: 'dave', realName: 'Dave Dubois' },
  { id: 'U0MALLORY', name: 'mallory', realName: 'Mallory Moss' },
  { id: 'U0GUS', name: 'gus', realName: 'Gus Garcia (guest)', isRestricted: true },
  { id: 'U0SAM', name: 'sam', realName: 'Sam Sato (other company)', isStranger: true, teamId: 'T0ELSEWHERE' },
]

/** The people a visitor of the demo's page can act as. */
export const demoCast = [
  { id: 'U0ALICE', role: 'asks' },
  { id: 'U0BOB', role: 'owner' },
  { id: 'U0CAROL', role: 'owner' },
  { id: 'U0DAVE', role: 'security' },
  { id: 'U0MALLORY', role: 'may not' },
  { id: 'U0GUS', role: 'guest' },
  { id: 'U0SAM', role: 'outside' },
] as const

/** Gus and Sam are among the owners by mistake, as happens: they may still not decide. */
export const demoUserGroups: readonly UserGroupSpec[] = [
  { id: 'S0OWNERS', name: 'Token owners', handle: 'owners', users: ['U0BOB', 'U0CAROL', 'U0GUS', 'U0SAM'] },
  { id: 'S0SECURITY', name: 'Security', handle: 'security', users: ['U0DAVE'] },
]

/** Five rules, of which the first that fits wins; docs/policy.md explains each. */
export const demoPolicy = {
  protects: ['root-*'],
  rules: [
    {
      name: 'every token expires',
      when: { expiry: 'removed' },
      refuse: 'Every token here expires. Ask for a day instead, as late as you need it.',
    },
    {
      name: 'new power',
      when: { gains: ['write', '$all'] },
      all_of: [{ from: 'S0SECURITY' }, { from: 'S0OWNERS' }],
      confirm: true,
    },
    { name: 'wider', when: { verdict: ['widens', 'both'] }, approvers: 'S0OWNERS', confirm: true },
    { name: 'narrower', when: { verdict: 'narrows' }, approvers: ['S0OWNERS', 'S0SECURITY'] },
    { name: 'wording', approvers: 'S0OWNERS' },
  ],
}
