import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import type { Proposal, Revised } from '../../../src/domain/change/parts.ts'
import type { Requirement } from '../../../src/domain/policy/policy.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { alice, bob, carol, settings } from '../../support/world.ts'

export const at = '2026-06-01T09:00:00.000Z'
export const expiresAt = '2026-06-08T09:00:00.000Z'

/** User groups. */
export const security = 'S0SECURITY'
export const owners = 'S0OWNERS'

/** Bob or Carol. */
export const oneOfThem: Requirement = {
  rule: 'small edits',
  parties: [{ from: [bob, carol], quorum: 1 }],
  confirm: false,
}

/** Bob and Carol. */
export const bothOfThem: Requirement = { ...oneOfThem, rule: 'both', parties: [{ from: [bob, carol], quorum: 2 }] }

/** One of security and one of the owners, each of whom types the token's name. */
export const twoParties: Requirement = {
  rule: 'gains write',
  parties: [
    { from: [security], quorum: 1 },
    { from: [owners], quorum: 1 },
  ],
  confirm: true,
}

function proposal(changes: Partial<Proposal> = {}): Proposal {
  return {
    stack: 'website',
    tokenUid: 't1',
    requester: alice,
    reason: 'The pipeline moved',
    reverts: null,
    before: settings(),
    after: settings({ name: 'ci-release' }),
    requirement: oneOfThem,
    expiresAt,
    remindAt: '2026-06-01T13:00:00.000Z',
    ...changes,
  }
}

/** Change #42, in which Alice asks for another name, after these events. */
export function asked(changes: Partial<Proposal> = {}, ...events: ChangeEvent[]): Change {
  return events.reduce(evolve, open(42, { type: 'proposed', at, ...proposal(changes) }))
}

export const revised = (changes: Partial<Revised> = {}): Revised => ({ ...proposal(), ...changes })

const approved = { type: 'approved', at, revision: 1, seal: 'sealed' } as const
export const approval = (by: string, comment = ''): ChangeEvent => ({ ...approved, by, comment, quorum: false })
export const lastApproval = (by: string, comment = ''): ChangeEvent => ({ ...approved, by, comment, quorum: true })
export const started: ChangeEvent = {
  type: 'apply_started',
  at,
  lease: { holder: 'first', until: at },
  seal: 'sealed',
}
export const drifted = (live: Settings): ChangeEvent => ({ type: 'drift_found', at, live })
export const rebased = (by: string, changes: Partial<Extract<ChangeEvent, { type: 'rebased' }>> = {}): ChangeEvent => ({
  type: 'rebased',
  at: '2026-06-01T10:00:00.000Z',
  by,
  ...revised(),
  voids: [],
  over: { elsewhere: true },
  ...changes,
})
export const amended = (by: string, changes: Partial<Revised> = {}): ChangeEvent => ({
  type: 'amended',
  at,
  by,
  voids: [],
  ...revised({ after: settings({ name: 'ci-next' }), ...changes }),
})
const currentPolicy = '1 more must approve under the current policy'
export const lostQuorum = (by: string, why: string, missing = currentPolicy): ChangeEvent => ({
  type: 'quorum_lost',
  at,
  lost: [{ by, why }],
  why: missing,
})

/** One change in each status. */
export function inEveryStatus(): Change[] {
  const applying = [lastApproval(bob), started]
  return [
    asked(),
    asked({}, lastApproval(bob)),
    asked({}, ...applying),
    asked({}, ...applying, { type: 'applied', at, written: true }),
    asked({}, ...applying, { type: 'apply_refused', at, why: 'the name is taken' }),
    asked({}, ...applying, drifted(settings({ name: 'by-hand' }))),
    asked({}, { type: 'rejected', at, by: bob, reason: 'not now' }),
    asked({}, { type: 'cancelled', at, by: alice }),
    asked({}, { type: 'expired', at: expiresAt }),
  ]
}
