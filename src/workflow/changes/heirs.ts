import { askersAfter, isOrphaned } from '../../domain/change/askers.ts'
import { askersOf, type Change, hasEnded } from '../../domain/change/change.ts'
import { canEverBeMet, type Electorate, obstacleToTakeOver } from '../../domain/change/electorate.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Electorates } from './electorates.ts'

type Deps = { electorates: Pick<Electorates, 'forChange' | 'requirementFor' | 'rulingOfNow' | 'forEdit'> }

/** If a rule names more people than this, the search for an heir is skipped. */
const mostTried = 20

/** Tells if nobody can take over a change: whoever did could not approve it, and too few would be left. */
export function createHeirs({ electorates }: Deps) {
  return { isHeirless }

  async function isHeirless(change: Change): Promise<boolean> {
    if (!isOrphaned(change) || hasEnded(change)) return false
    const present = await electorates.forChange(change)
    const named = present.demands.flatMap(({ parties }) => parties.flatMap(({ people }) => people))
    const able = [...new Set([...askersOf(change), ...named])].filter(
      (person) => obstacleToTakeOver(change, person, present) === null,
    )
    if (able.length > mostTried) return false
    const could = await Promise.all(able.map((person) => couldTakeOver(change, person, present)))
    return !could.includes(true)
  }

  /** Decided like taking it over, by the rule that would fit then. What can't be looked up rules nothing out. */
  async function couldTakeOver(change: Change, by: string, { barredAskers }: Electorate): Promise<boolean> {
    const from = barredAskers.map((barred) => barred.by)
    const asked = { ...change, ...askersAfter(change, by, from) }
    try {
      const requirement = await electorates.requirementFor(asked)
      const today = await electorates.rulingOfNow({ ...asked, requirement })
      if (today !== null && 'forbidden' in today) return false
      const rules = today === null ? [requirement] : [requirement, today]
      const next = await electorates.forEdit(rules, [asked.requester, ...asked.amenders])
      return canEverBeMet({ ...change, amenders: [...change.amenders, by] }, next)
    } catch (error) {
      return !(error instanceof Refusal && error.code === 'not_allowed')
    }
  }
}
