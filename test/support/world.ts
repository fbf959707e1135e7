import type { Edit } from '../../src/domain/change/edit.ts'
import type { Proposal } from '../../src/domain/change/parts.ts'
import type { Policy, Requirement, Rule } from '../../src/domain/policy/policy.ts'
import type { Settings, StackFacts } from '../../src/domain/token/token.ts'

/** Alice asks; Bob and Carol approve; Mallory may not. */
export const alice = 'U0ALICE'
export const bob = 'U0BOB'
export const carol = 'U0CAROL'
export const mallory = 'U0MALLORY'

export function settings(changes: Partial<Settings> = {}): Settings {
  return {
    name: 'ci-deploy',
    description: 'Deploys from CI',
    branches: ['main', 'development'],
    aliases: ['live'],
    permissions: { everything: 'none', modules: { content_type: 'read', entry: 'write' } },
    expiresOn: '2027-01-31',
    emailNotice: true,
    rateLimits: { kind: 'organisation' },
    otherScope: [],
    ...changes,
  }
}

export function facts(changes: Partial<StackFacts> = {}): StackFacts {
  return {
    title: 'Website',
    branchesEnabled: true,
    branches: ['main', 'development', 'feature-x'],
    aliases: ['live', 'preview'],
    organisationLimits: { read: 100, write: 50 },
    rateLimitsGoverned: true,
    ...changes,
  }
}

/** Dave may decide if a test says so; Gus is a guest. */
export const dave = 'U0DAVE'
export const gus = 'U0GUS'

/** User groups. */
export const owners = 'S0OWNERS'
export const security = 'S0SECURITY'

const hour = 3_600_000

/** A rule for every change, unless told otherwise: this many of these people. */
export function ask(from: readonly string[], quorum = 1, rest: Partial<Rule> = {}): Rule {
  const outcome = { kind: 'ask' as const, parties: [{ from, quorum }], confirm: false }
  return { name: 'approvers', when: {}, outcome, ...rest }
}

export function policyOf(rules: readonly Rule[], changes: Partial<Policy> = {}): Policy {
  return {
    mayAsk: null,
    protects: [],
    rules,
    lives: 168 * hour,
    remindsAfter: 4 * hour,
    nudgeEvery: hour,
    ...changes,
  }
}

/** Bob or Carol: one yes is enough. */
export const policy = policyOf([ask([bob, carol])])

/** Bob and Carol: both must say yes. */
export const policyOfTwo = policyOf([ask([bob, carol], 2)])

/** The requirement of a change under the rule `approvers`. */
export function requirement(from: readonly string[] = [bob, carol], quorum = 1): Requirement {
  return { rule: 'approvers', parties: [{ from, quorum }], confirm: false }
}

/** Alice asks for another name, unless told otherwise. */
export function edit(changes: Partial<Edit> = {}): Edit {
  return {
    stack: 'website',
    tokenUid: 't1',
    requester: alice,
    before: settings(),
    after: settings({ name: 'ci-release' }),
    ...changes,
  }
}

/** The same, as put to an approver: for a week, with a reminder after four hours. */
export function proposal(changes: Partial<Proposal> = {}): Proposal {
  return {
    ...edit(),
    reason: 'The pipeline moved',
    reverts: null,
    requirement: requirement(),
    expiresAt: '2026-06-08T09:00:00.000Z',
    remindAt: '2026-06-01T13:00:00.000Z',
    ...changes,
  }
}

/** An open form of the token `t1` that nobody has filled in. */
export function emptyForm() {
  const of = { stack: 'website', tokenUid: 't1', before: settings() }
  return { ...of, form: {}, shown: null, afresh: {}, change: null, reverts: null }
}
