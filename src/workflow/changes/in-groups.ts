import { type Change, requestersOf } from '../../domain/change/change.ts'
import { canEverBeMet, obstacle } from '../../domain/change/electorate.ts'
import { groupsNamed, rulesShown, withoutThem, withTooFew } from '../../domain/change/named.ts'
import type { Lost } from '../../domain/change/parts.ts'
import type { Electorates } from './electorates.ts'

type Deps = { electorates: Pick<Electorates, 'forEdit' | 'forChange'> }

export type InGroups = ReturnType<typeof createInGroups>

/** A change as shown, and the part of it that depends on who is in its rules' groups, empty for nothing. */
type ByGroups = (change: Change) => { readonly change: Change; readonly says: string }

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
    const [{ demands, ...electorate }, lost] = await Promise.all([
      electorates.forEdit(rulesShown(change), requestersOf(change)),
      outOfTheGroups(change),
    ])
    const able = demands.map(({ parties }) => parties)
    const isShort = !canEverBeMet(change, { demands, ...electorate })
    const says = isShort || lost.length > 0 ? JSON.stringify([lost, isShort && able]) : ''
    return (shown) => {
      const counted = withoutThem(shown, lost)
      return { change: isShort ? withTooFew(counted, able) : counted, says }
    }
  }

  async function outOfTheGroups(change: Change): Promise<Lost[]> {
    if (change.approvals.length === 0) return []
    const electorate = await electorates.forChange(change)
    return change.approvals.flatMap(({ by }) => {
      const why = obstacle(change, by, electorate)
      return why === null ? [] : [{ by, why }]
    })
  }
}

function asItIs(change: Change): ReturnType<ByGroups> {
  return { change, says: '' }
}
