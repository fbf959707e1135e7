import { askersAfter, isOrphaned } from '../../domain/change/askers.ts'
import { askersOf, type Change, hasEnded } from '../../domain/change/change.ts'
import { canEverBeMet, type Electorate, obstacleToTakeOver } from '../../domain/change/electorate.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Electorates } from './electorates.ts'

type Deps = { electorates: Pick<Electorates, 'inFull' | 'requirementFor' | 'rulingOfNow' | 'forEdit'> }

/** If a rule names more people than this, the search for an heir is skipped. */
const mostTried = 20

type Heirs = {
  readonly heirs: readonly string[]
  /** True if nobody is left out who would be allowed to press it. */
  readonly areAll: boolean
}

/** Tells who can take over a change: whoever does can't approve it, and enough others must be left. */
export function createHeirs({ electorates }: Deps) {
  return { heirsOf, allHeirsOf }

  /** Null if everybody can who is named, or if there are too many to try. */
  async function heirsOf(change: Change): Promise<readonly string[] | null> {
    const found = await search(change)
    return found === null || found.areAll ? null : found.heirs
  }

  /** Null if nobody has to, or if there are too many to try. */
  async function allHeirsOf(change: Change): Promise<readonly string[] | null> {
    return (await search(change))?.heirs ?? null
  }

  async function search(change: Change): Promise<Heirs | null> {
    if (!isOrphaned(change) || hasEnded(change)) return null
    const present = await electorates.inFull(change)
    const named = present.demands.flatMap(({ parties }) => parties.flatMap(({ people }) => people))
    const able = [...new Set([...askersOf(change), ...named])].filter(
      (person) => obstacleToTakeOver(change, person, present) === null,
    )
    if (able.length > mostTried) return null
    const could = await Promise.all(able.map((person) => couldTakeOver(change, person, present)))
    return {
      heirs: able.filter((_, i) => could[i]),
      areAll: able.length > 0 && !could.includes(false),
    }
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
