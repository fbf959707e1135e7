import { type Change, requestersOf } from '../domain/change/change.ts'
import { canEverBeMet, obstacle } from '../domain/change/electorate.ts'
import { groupsNamed, rulesShown, withoutThem, withTooFew } from '../domain/change/named.ts'
import type { Lost } from '../domain/change/parts.ts'
import type { Electorates } from './electorates.ts'

type Deps = { electorates: Pick<Electorates, 'forEdit' | 'forChange'> }

export type InGroups = ReturnType<typeof createInGroups>

/** A change as it is to be shown, and what in that is due to who is in the groups that its rules name, empty for nothing. */
type ByGroups = (change: Change) => { readonly change: Change; readonly says: string }

/**
 * Shows of a change whose rules name user groups what the groups are now: that too few people are left in them, who those are,
 * and that the approval of somebody who is in none any more no longer counts. Nothing is decided from this.
 */
export function createInGroups({ electorates }: Deps) {
  /** What was found last of each, for as long as Slack can't be asked. */
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
