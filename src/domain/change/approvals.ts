import type { Requirement } from '../policy/policy.ts'
import { type Progress, progressOf } from '../policy/progress.ts'
import { asksForName, type Change, isConfirmed } from './change.ts'
import { type Electorate, idIn } from './electorate.ts'
import { rulesShown } from './named.ts'
import type { Approval } from './parts.ts'

/** A change, or an edit that is not one yet and has no approvals. */
export type Approvable = Pick<Change, 'requirement' | 'today'> & Partial<Pick<Change, 'approvals' | 'lost' | 'seated'>>

/** The approvals under one of the rules that a change waits under: see `progressOf`. */
export type UnderRule = { readonly rule: Requirement; readonly progress: readonly Progress<Approval>[] }

/** Under the rule it was asked under, and under the current policy's if that asks for more. */
export function approvalsSoFar(asked: Approvable): UnderRule[] {
  const approvals = approvalsCounted(asked)
  return rulesShown(asked).map((rule, i) => {
    const given = { approvals, seated: asked.seated?.[i], allCount: i === 0 }
    return { rule, progress: progressOf(rule.parties, given) }
  })
}

/** Approvals of this revision that still count. */
export function approvalsCounted(asked: Approvable): Approval[] {
  const { approvals = [], lost = null } = asked
  return approvals.filter(
    (approval) =>
      !lost?.approvals.some(({ by }) => by === approval.by) && (!asksForName(asked) || isConfirmed(asked, approval)),
  )
}

/** How many more people have to approve; null if that can't be told. */
export function approvalsLeft(asked: Approvable): number | null {
  const [first, ...more] = approvalsSoFar(asked)
  const left = first!.progress.map(({ left }) => ('exactly' in left ? left.exactly : null))
  if (more.length > 0 || asked.today !== null || left.includes(null)) return null
  return left.reduce<number>((sum, one) => sum + one!, 0)
}

/**
 * For each party of `rulesShown`, those among the approvers who are in it; undefined for an electorate of other rules.
 */
export function seatedIn(change: Change, electorate: Electorate): Change['seated'] {
  const [asked, ...today] = electorate.demands
  const known = idIn(electorate)
  const demands = rulesShown(change).map((rule, i) =>
    i === 0 ? asked : today.find((other) => other.rule === rule.rule),
  )
  if (!demands.every((demand) => demand !== undefined)) return undefined
  const approvers = change.approvals.map(({ by }) => by)
  return demands.map(({ parties }) => parties.map(({ people }) => approvers.filter((by) => people.includes(known(by)))))
}
