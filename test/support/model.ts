import { alice, bob, carol, dave, gus, mallory, owners, security } from './world.ts'

/** A change in short. Neutral: another name. Wider: one more branch. Narrower: one branch fewer. */
export type Kind = 'neutral' | 'wider' | 'narrower'

export type Party = { readonly from: readonly string[]; readonly quorum: number }

/** Who must agree to a kind of change; null: the policy refuses it. */
export type Rules = Readonly<Record<Kind, readonly Party[] | null>>

export type ModelChange = {
  status: 'pending' | 'approved' | 'drifted' | 'applied' | 'rejected' | 'cancelled' | 'expired'
  revision: number
  kind: Kind
  /** Everybody who ever had a hand in it. */
  readonly requesters: Set<string>
  /** Those of them who ask for it now, and the one whose change it is. */
  askers: Set<string>
  requester: string
  /** The person who took over this revision: their repeated press is not another one. */
  takenBy?: string | undefined
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
 * A second, plain account of what may happen to changes that Alice asks for, to test the real one against: no seals, no
 * events, no matching, only who has said yes since it was last asked. One change a token; time in seconds.
 */
export function createModel(start: Rules) {
  const model = {
    rules: start,
    groups: { [owners]: [bob, carol], [security]: [dave] } as Record<string, readonly string[]>,
    guests: new Set<string>([gus]),
    time: 0,
    /** The current description of each token. */
    live: new Map<number, string>(),
    changes: new Map<number, ModelChange>(),
  }
  return Object.assign(model, { propose, approve, reject, amend, rebase, takeOver, cancel, look, catchUp })

  /** Each verb tells if it is accepted. */
  function propose(id: number, kind: Kind, description: string): void {
    const requesters = new Set([alice])
    const expiresAt = model.time + week
    const parties = model.rules[kind]!
    const asked = { requester: alice, askers: new Set([alice]) }
    const fresh = { ...asked, revision: 1, approvers: new Set<string>(), before: description }
    model.changes.set(id, { status: 'pending', kind, requesters, parties, expiresAt, ...fresh })
    model.live.set(id, description)
  }

  function approve(id: number, by: string, revision: number): boolean {
    const change = held(id)
    if (!waits(change, revision) || !mayDecide(change, by) || !model.rules[change.kind]) return false
    if (isOrphaned(change)) return false
    if (change.approvers.has(by) && !enough(change)) return false
    change.approvers.add(by)
    if (enough(change)) change.status = 'approved'
    return true
  }

  function reject(id: number, by: string, revision: number): boolean {
    const change = held(id)
    if (!waits(change, revision) || !mayDecide(change, by)) return false
    change.status = 'rejected'
    return true
  }

  function amend(id: number, by: string, revision: number, kind: Kind): boolean {
    const change = held(id)
    if (!waits(change, revision) || isOrphaned(change)) return false
    if (!change.askers.has(by) && !mayDecide(change, by)) return false
    return askAnew(change, kind, new Set([...change.askers, by]))
  }

  function rebase(id: number, by: string, revision: number): boolean {
    const change = model.changes.get(id)!
    if (change.status !== 'drifted' || change.revision !== revision || model.time >= change.expiresAt) return false
    if (isOrphaned(change) || !change.askers.has(by) || !askAnew(change, change.kind, change.askers)) return false
    change.before = model.live.get(id)!
    return true
  }

  /** Those who may no longer ask are replaced, whichever of them asked first. A drifted change stays drifted. */
  function takeOver(id: number, by: string, revision: number): boolean {
    if (model.changes.get(id)!.revision === revision + 1 && model.changes.get(id)!.takenBy === by) return true
    const change = held(id)
    const { status } = change
    if (!['pending', 'drifted'].includes(status) || change.revision !== revision || model.time >= change.expiresAt)
      return false
    if (!mayTakeOver(change, by)) return false
    const askers = new Set([...change.askers, by].filter((person) => !model.guests.has(person)))
    if (!askAnew(change, change.kind, askers)) return false
    if (model.guests.has(change.requester)) change.requester = by
    Object.assign(change, { status, takenBy: by })
    return true
  }

  function cancel(id: number, by: string): boolean {
    const change = by === model.changes.get(id)!.requester ? model.changes.get(id)! : held(id)
    if (!['pending', 'approved', 'drifted'].includes(change.status)) return false
    if (by !== change.requester && !mayTakeOver(change, by)) return false
    change.status = 'cancelled'
    return true
  }

  /** A change still waiting for approvals is stopped if its token has moved. */
  function look(): void {
    for (const [id, change] of model.changes)
      if (change.status === 'pending' && model.live.get(id) !== change.before) change.status = 'drifted'
  }

  /** Applies whatever may be applied. A drifted change keeps what was found until it is rebased. */
  function catchUp(): void {
    for (const [id, change] of model.changes) {
      const open = ['pending', 'approved', 'drifted'].includes(change.status)
      if (open && model.time >= change.expiresAt) change.status = 'expired'
      if (change.status !== 'approved') continue
      if (isOrphaned(change) || !model.rules[change.kind] || !enough(change)) change.status = 'pending'
      else change.status = model.live.get(id) === change.before ? 'applied' : 'drifted'
    }
  }

  function waits({ status, revision, expiresAt }: ModelChange, seen: number): boolean {
    return status === 'pending' && revision === seen && model.time < expiresAt
  }

  function isOrphaned({ askers }: ModelChange): boolean {
    return [...askers].some((person) => model.guests.has(person))
  }

  function mayTakeOver(change: ModelChange, by: string): boolean {
    return isOrphaned(change) && !model.guests.has(by) && (change.askers.has(by) || mayDecide(change, by))
  }

  /** An attempt by anybody makes the app check who may still ask. */
  function held(id: number): ModelChange {
    const change = model.changes.get(id)!
    if (change.status === 'approved' && isOrphaned(change)) change.status = 'pending'
    return change
  }

  function askAnew(change: ModelChange, kind: Kind, requesters: ReadonlySet<string>): boolean {
    const parties = model.rules[kind]
    const out = new Set([...change.requesters, ...requesters, ...model.guests])
    if (
      !parties ||
      !fill(
        parties,
        everybody.filter((person) => !out.has(person)),
      )
    )
      return false
    for (const person of requesters) change.requesters.add(person)
    change.askers = new Set(requesters)
    const expiresAt = model.time + week
    const next = { status: 'pending' as const, kind, parties, expiresAt, revision: change.revision + 1 }
    Object.assign(change, { ...next, approvers: new Set(), takenBy: undefined })
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

  /** True if these people fill every seat, one each, found by trying. */
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
