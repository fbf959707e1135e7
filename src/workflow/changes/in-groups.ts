import { seatedIn } from '../../domain/change/approvals.ts'
import { type Change, requestersOf } from '../../domain/change/change.ts'
import { canEverBeMet, obstacle } from '../../domain/change/electorate.ts'
import { groupsNamed, rulesShown, withoutThem, withTooFew } from '../../domain/change/named.ts'
import type { Lost } from '../../domain/change/parts.ts'
import type { Electorates } from './electorates.ts'

type Deps = { electorates: Pick<Electorates, 'forEdit' | 'forChange'> }

export type InGroups = ReturnType<typeof createInGroups>

/**
 * A change as shown, and what of it depends on who is in its rules' groups: what it says, empty for nothing, and in
 * which parties these approvers are.
 */
type ByGroups = (change: Change) => { readonly change: Change; readonly says: string; readonly seats: Seats }
export type Seats = { readonly approvers: string; readonly seated: string }

/**
 * Shows what the user groups in a change's rules mean for it now: that too few people are left in them, who those are,
 * and that the approval of somebody who is in none of them any more no longer counts. Nothing is decided from this.
 */
export function createInGroups({ electorates }: Deps) {
  /** The last finding for each change, for as long as Slack can't be asked. */
  const known = new Map<number, ByGroups>()
  return { byGroups }

  async function byGroups(change: Change): Promise<ReturnType<ByGroups>> {
    if (groupsNamed(change).length === 0) {
      known.delete(change.id)
      return asItIs(change)
    }
    const found = await lookUp(change).catch(() => known.get(change.id) ?? asItIs)
    known.set(change.id, found)
    return found(change)
  }

  async function lookUp(change: Change): Promise<ByGroups> {
    const [{ demands, ...electorate }, { lost, seated }] = await Promise.all([
      electorates.forEdit(rulesShown(change), requestersOf(change)),
      approversOf(change),
    ])
    const able = demands.map(({ parties }) => parties)
    const isShort = !canEverBeMet(change, { demands, ...electorate })
    const says = isShort || lost.length > 0 ? JSON.stringify([lost, isShort && able]) : ''
    return (shown) => {
      const counted = { ...withoutThem(shown, lost), ...(seated && { seated }) }
      return { change: isShort ? withTooFew(counted, able) : counted, says, seats: seatsOf(change, seated) }
    }
  }

  /** Whose approval no longer counts, and in which party each of the others is. */
  async function approversOf(change: Change): Promise<{ lost: Lost[]; seated?: Change['seated'] }> {
    if (change.approvals.length === 0) return { lost: [] }
    const electorate = await electorates.forChange(change)
    const lost = change.approvals.flatMap(({ by }) => {
      const why = obstacle(change, by, electorate)
      return why === null ? [] : [{ by, why }]
    })
    return { lost, seated: seatedIn(change, electorate) }
  }
}

function asItIs(change: Change): ReturnType<ByGroups> {
  return { change, says: '', seats: seatsOf(change, undefined) }
}

function seatsOf({ approvals }: Change, seated: Change['seated']): Seats {
  return { approvers: approvals.map(({ by }) => by).join(' '), seated: JSON.stringify(seated) ?? '' }
}
