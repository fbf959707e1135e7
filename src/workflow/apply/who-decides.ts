import type { Change } from '../../domain/change/change.ts'
import type { Electorate } from '../../domain/change/electorate.ts'
import { isOwn } from '../../domain/outside-trouble.ts'
import type { Electorates } from '../changes/electorates.ts'

export type WhoDecides = ReturnType<typeof createWhoDecides>

/** Who may still ask for a change and decide on it, and which changes wait because Slack could not say. */
export function createWhoDecides(electorates: Pick<Electorates, 'forChange'>) {
  const unheard = new Set<number>()
  const heard = new Set<number>()
  return { electorateOf, canBeAsked, mayGoOn: (id: number) => heard.delete(id) }

  async function electorateOf(change: Change): Promise<Electorate> {
    try {
      const electorate = await electorates.forChange(change)
      unheard.delete(change.id)
      return electorate
    } catch (error) {
      if (!isOwn(error)) unheard.add(change.id)
      throw error
    }
  }

  /** Called when people can be looked up again: the changes that waited only for that may be tried at once. */
  function canBeAsked(): number[] {
    const ids = [...unheard]
    unheard.clear()
    for (const id of ids) heard.add(id)
    return ids
  }
}
