import { z } from 'zod'
import type { Approval } from './change.ts'

/** Who may decide on changes to a stack's tokens, and how many must agree. */
export const policy = z
  .object({ approvers: z.array(z.string()).readonly(), approvals: z.number().int().positive() })
  .readonly()
export type Policy = z.infer<typeof policy>

type Asked = { readonly requester: string; readonly approvals: readonly Approval[] }

/** Nobody decides on a change of their own, whatever the policy lists. */
export function mayDecide(policy: Policy, person: string, change: Asked): boolean {
  return person !== change.requester && policy.approvers.includes(person)
}

/** The people who may decide on what `requester` asks for. */
export function deciders(policy: Policy, requester: string): string[] {
  return [...new Set(policy.approvers)].filter((person) => person !== requester)
}

/** Distinct people, eligible under `policy` as it is now, who approved. */
export function approvalsThatCount(policy: Policy, change: Asked): string[] {
  return [...new Set(change.approvals.map((approval) => approval.by))].filter((by) => mayDecide(policy, by, change))
}

export function quorumMet(policy: Policy, change: Asked): boolean {
  return approvalsThatCount(policy, change).length >= policy.approvals
}
