import { alice, bob, carol, dave, gus, mallory, owners, security } from './world.ts'

/** What a change asks for, in short. Neutral: another name. Wider: one branch more. Narrower: one branch less. */
export type Kind = 'neutral' | 'wider' | 'narrower'

export type Party = { readonly from: readonly string[]; readonly quorum: number }

/** Who must agree to a kind of change; null: the policy refuses it. */
export type Rules = Readonly<Record<Kind, readonly Party[] | null>>

export type ModelChange = {
  status: 'pending' | 'approved' | 'drifted' | 'applied' | 'rejected' | 'cancelled' | 'expired'
  revision: number
  kind: Kind
  readonly requesters: Set<string>
  approvers: Set<string>
  /** The rule that it was asked under. */
  parties: readonly Party[]
  expiresAt: number
  /** The token's description as the requester saw it. */
  before: string
}

const everybody = [alice, bob, carol, dave, gus, mallory]
const week = 7 * 24 * 3600

/**
 * A second, plain telling of what may happen to changes that Alice asks for, to test the real one against: no seals, no
 * events, no matching, just who said yes since it was last asked. One change a token; time in seconds.
 */
export function createModel(start: Rules) {
  const model = {
    rules: start,
    groups: { [owners]: [bob, carol], [security]: [dave] } as Record<string, readonly string[]>,
    guests: new Set<string>([gus]),
    time: 0,
    /** How the description of each token is by now. */
    live: new Map<number, string>(),
    changes: new Map<number, ModelChange>(),
  }
  return Object.assign(model, { propose, approve, reject, amend, rebase, cancel, look, catchUp })

  /** Each verb says whether it is taken. */
  function propose(id: number, kind: Kind, description: string): void {
    const requesters = new Set([alice])
    const expiresAt = model.time + week
    const parties = model.rules[kind]!
    const fresh = { revision: 1, approvers: new Set<string>(), before: description }
    model.changes.set(id, { status: 'pending', kind, requesters, parties, expiresAt, ...fresh })
    model.live.set(id, description)
  }

  function approve(id: number, by: string, revision: number): boolean {
    const change = model.changes.get(id)!
    if (!waits(change, revision) || !mayDecide(change, by) || !model.rules[change.kind]) return false
    if (change.approvers.has(by) && !enough(change)) return false
    change.approvers.add(by)
    if (enough(change)) change.status = 'approved'
    return true
  }

  function reject(id: number, by: string, revision: number): boolean {
    const change = model.changes.get(id)!
    if (!waits(change, revision) || !mayDecide(change, by)) return false
    change.status = 'rejected'
    return true
  }

  function amend(id: number, by: string, revision: number, kind: Kind): boolean {
    const change = model.changes.get(id)!
    if (!waits(change, revision)) return false
    if (!change.requesters.has(by) && !mayDecide(change, by)) return false
    return askAnew(change, kind, new Set([...change.requesters, by]))
  }

  function rebase(id: number, by: string, revision: number): boolean {
    const change = model.changes.get(id)!
    if (change.status !== 'drifted' || change.revision !== revision || model.time >= change.expiresAt) return false
    if (!change.requesters.has(by) || !askAnew(change, change.kind, change.requesters)) return false
    change.before = model.live.get(id)!
    return true
  }

  function cancel(id: number, by: string): boolean {
    const change = model.changes.get(id)!
    if (by !== alice || !['pending', 'approved', 'drifted'].includes(change.status)) return false
    change.status = 'cancelled'
    return true
  }

  /** What still waits for approvals is stopped when its token has moved. */
  function look(): void {
    for (const [id, change] of model.changes)
      if (change.status === 'pending' && model.live.get(id) !== change.before) change.status = 'drifted'
  }

  /** Applies what may be applied. A drifted change keeps what was found until it is rebased. */
  function catchUp(): void {
    for (const [id, change] of model.changes) {
      const open = ['pending', 'approved', 'drifted'].includes(change.status)
      if (open && model.time >= change.expiresAt) change.status = 'expired'
      if (change.status !== 'approved') continue
      if (!model.rules[change.kind] || !enough(change)) change.status = 'pending'
      else change.status = model.live.get(id) === change.before ? 'applied' : 'drifted'
    }
  }

  function waits({ status, revision, expiresAt }: ModelChange, seen: number): boolean {
    return status === 'pending' && revision === seen && model.time < expiresAt
  }

  function askAnew(change: ModelChange, kind: Kind, requesters: ReadonlySet<string>): boolean {
    const parties = model.rules[kind]
    const others = everybody.filter((person) => !requesters.has(person) && !model.guests.has(person))
    if (!parties || !fill(parties, others)) return false
    for (const person of requesters) change.requesters.add(person)
    const expiresAt = model.time + week
    const next = { status: 'pending' as const, kind, parties, expiresAt, revision: change.revision + 1 }
    Object.assign(change, { ...next, approvers: new Set() })
    return true
  }

  function mayDecide(change: ModelChange, person: string): boolean {
    const named = [...change.parties, ...(model.rules[change.kind] ?? [])].flatMap(members)
    return !change.requesters.has(person) && !model.guests.has(person) && named.includes(person)
  }

  function enough(change: ModelChange): boolean {
    const counting = [...change.approvers].filter((person) => mayDecide(change, person))
    return fill(change.parties, counting) && fill(model.rules[change.kind] ?? [], counting)
  }

  function members({ from }: Party): string[] {
    return from.flatMap((id) => model.groups[id] ?? [id])
  }

  /** Whether these people fill every seat, one each, found by trying. */
  function fill(parties: readonly Party[], people: readonly string[]): boolean {
    const [seat, ...rest] = parties.flatMap((party) =>
      Array.from({ length: party.quorum }, () => ({ ...party, quorum: 1 })),
    )
    if (!seat) return true
    const may = people.filter((person) => members(seat).includes(person))
    return may.some((person) =>
      fill(
        rest,
        people.filter((other) => other !== person),
      ),
    )
  }
}

export type Model = ReturnType<typeof createModel>
