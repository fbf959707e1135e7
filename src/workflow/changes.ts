import type { Change, ChangeEvent, Proposal } from '../domain/change.ts'
import * as Decide from '../domain/decide.ts'
import type { Policy } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Store } from '../ports.ts'

type Deps = { store: Store; policyFor: (stack: string) => Policy; now: () => Date }

export type Changes = ReturnType<typeof createChanges>

/**
 * What people do with changes. Each verb records one decision and resolves once it is on disk; whoever calls it answers
 * the person next, and then lets catch-up do what the new state calls for. A refusal is recorded too, then thrown.
 */
export function createChanges({ store, policyFor, now }: Deps) {
  return { propose, approve, mayReject, reject, cancel }

  /** `origin` names where the proposal came from: the same origin opens one change, however often it is sent. */
  function propose(proposal: Proposal, origin: string): Promise<Change> {
    const { requester, stack } = proposal
    return keepingRefusals('propose', requester, null, async () =>
      store.open(Decide.propose(proposal, policyFor(stack), at()), requester, origin),
    )
  }

  function approve(id: number, by: string, revision: number): Promise<Change> {
    return decide('approve', id, by, (change) => Decide.approve(change, by, policyFor(change.stack), revision, at()))
  }

  function reject(id: number, rejection: Decide.Rejection): Promise<Change> {
    return decide('reject', id, rejection.by, (change) =>
      Decide.reject(change, rejection, policyFor(change.stack), at()),
    )
  }

  /** Resolves to the change when this person could reject it now: asked before they are made to write down why. */
  async function mayReject(id: number, by: string, revision: number): Promise<Change> {
    return keepingRefusals('reject', by, id, async () => {
      const { change } = await store.get(id)
      Decide.reject(change, { by, reason: 'to be given', revision }, policyFor(change.stack), at())
      return change
    })
  }

  function cancel(id: number, by: string): Promise<Change> {
    return decide('cancel', id, by, (change) => Decide.cancel(change, by, at()))
  }

  function decide(
    attempted: string,
    id: number,
    by: string,
    decision: (change: Change) => ChangeEvent,
  ): Promise<Change> {
    return keepingRefusals(attempted, by, id, () => store.record(id, by, decision))
  }

  async function keepingRefusals<T>(
    attempted: string,
    by: string,
    id: number | null,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal) {
        const known = error.code === 'not_found' ? null : id
        await store.note({ type: 'refused', attempted, code: error.code, why: error.message }, by, known)
      }
      throw error
    }
  }

  function at(): string {
    return now().toISOString()
  }
}
