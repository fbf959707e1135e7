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
