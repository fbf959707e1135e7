import type { Proposal } from '../../src/domain/change.ts'
import type { Policy } from '../../src/domain/policy.ts'
import type { Settings, StackFacts } from '../../src/domain/token.ts'

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

/** Bob or Carol: one yes is enough. */
export const policy: Policy = { approvers: [bob, carol], approvals: 1 }

/** Bob and Carol: both must say yes. */
export const policyOfTwo: Policy = { approvers: [bob, carol], approvals: 2 }

/** Alice asks for another name, unless told otherwise. */
export function proposal(changes: Partial<Proposal> = {}): Proposal {
  return {
    stack: 'website',
    tokenUid: 't1',
    requester: alice,
    reason: 'The pipeline moved',
    before: settings(),
    after: settings({ name: 'ci-release' }),
    ...changes,
  }
}
