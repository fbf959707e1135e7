import { isGroup, type Party } from './policy.ts'
import { seatsMissing } from './quorum.ts'

/** Somebody's approval, as far as it matters here. */
type By = { readonly by: string }

/**
 * How far the approvals of one party have come, or of several whose approvals can't be told apart. `atLeast`: at least
 * this many more are needed; how many exactly can't be told.
 */
export type Progress<A extends By> = {
  readonly parties: readonly Party[]
  readonly given: readonly A[]
  readonly left: { readonly exactly: number } | { readonly atLeast: number }
}

type Given<A extends By> = {
  readonly approvals: readonly A[]
  /** For each party, those among the approvers who are in it; missing if nobody looked who is in its user groups. */
  readonly seated?: readonly (readonly string[])[] | undefined
  /** True if each of the approvals counts for one of the parties, though perhaps not known for which. */
  readonly allCount: boolean
}

/** An approval that no party has yet, and the parties that it could count for. */
type Loose<A extends By> = { readonly approval: A; readonly for: readonly number[]; readonly isSure: boolean }

/**
 * Party by party, who has approved and how many more are needed, and no more than is certain: each person counts once,
 * and if somebody may be in the user groups of several parties, these come together.
 */
export function progressOf<A extends By>(parties: readonly Party[], given: Given<A>): Progress<A>[] {
  const placed = parties.map((): A[] => [])
  const loose = place(parties, placed, given)
  return groupsOf(parties.length, loose).map((at) => {
    const open = at.map((i) => ({ ...parties[i]!, quorum: Math.max(0, parties[i]!.quorum - placed[i]!.length) }))
    const theirs = loose.filter(({ for: [first] }) => at.includes(first!))
    const seats = theirs.map((one) => ({ ...one, for: one.for.map((i) => at.indexOf(i)) }))
    const named = theirs.filter(({ isSure }) => isSure || given.allCount).map(({ approval }) => approval)
    return {
      parties: at.map((i) => parties[i]!),
      given: given.approvals.filter((one) => named.includes(one) || at.some((i) => placed[i]!.includes(one))),
      left: leftOf(
        open.map(({ quorum }) => quorum),
        seats,
        given.allCount,
      ),
    }
  })
}

/** Fills the parties with the approvals that can only count there, and returns the others. */
function place<A extends By>(parties: readonly Party[], placed: A[][], given: Given<A>): Loose<A>[] {
  let loose = given.approvals.map((approval) => seatsFor(parties, approval, given))
  for (let before = -1; before !== loose.length; ) {
    before = loose.length
    loose = loose.filter(({ approval, for: all, isSure }) => {
      const open = isSure ? all.filter((i) => placed[i]!.length < parties[i]!.quorum) : all
      const [only] = open.length > 0 ? open : all
      if (only === undefined) return false
      if (open.length > 1 || !(isSure || given.allCount)) return true
      placed[only]!.push(approval)
      return false
    })
  }
  return loose
}

/** In parties of unknown members, anybody might be. */
function seatsFor<A extends By>(parties: readonly Party[], approval: A, { seated, allCount }: Given<A>): Loose<A> {
  const named = parties.flatMap(({ from }, i) => (from.includes(approval.by) ? [i] : []))
  if (seated) return { approval, isSure: true, for: seated.flatMap((by, i) => (by.includes(approval.by) ? [i] : [])) }
  const perhaps = parties.flatMap(({ from }, i) => (from.includes(approval.by) || from.some(isGroup) ? [i] : []))
  // Under another id of theirs, a person is in a party that does not name them.
  const could = perhaps.length === 0 && allCount ? parties.map((_, i) => i) : perhaps
  return { approval, for: could, isSure: named.length === could.length }
}

/** The indexes of the parties, with those together that share an approval. */
function groupsOf<A extends By>(count: number, loose: readonly Loose<A>[]): number[][] {
  let groups = Array.from({ length: count }, (_, i) => [i])
  for (const { for: shared } of loose) {
    const joined = groups.filter((at) => at.some((i) => shared.includes(i)))
    const first = groups.indexOf(joined[0]!)
    groups = groups.flatMap((at, i) =>
      i === first ? [joined.flat().sort((a, b) => a - b)] : joined.includes(at) ? [] : [at],
    )
  }
  return groups
}

function leftOf<A extends By>(
  open: readonly number[],
  loose: readonly Loose<A>[],
  allCount: boolean,
): Progress<A>['left'] {
  const most = missing(open, loose)
  const unsure = loose.filter(({ isSure }) => !isSure)
  if (unsure.length === 0) return { exactly: most }
  const [one] = unsure
  const worlds = unsure.length === 1 && allCount ? one!.for.map((i) => [i]) : []
  const each = worlds.map((at) => missing(open, [...loose.filter(({ isSure }) => isSure), { ...one!, for: at }]))
  return each.length > 0 && each.every((left) => left === most) ? { exactly: most } : { atLeast: most }
}

function missing<A extends By>(open: readonly number[], loose: readonly Loose<A>[]): number {
  const seats = open.map((quorum, i) => ({
    quorum,
    people: loose.flatMap(({ approval, for: at }) => (at.includes(i) ? [approval.by] : [])),
  }))
  return seatsMissing(
    seats,
    loose.map(({ approval }) => approval.by),
  )
}
