import { formatDistance } from 'date-fns/formatDistance'
import type { LastAnchors } from '../../ports/inspection.ts'
import { type Check, ok, type Said, warning } from './finding.ts'

type Anchors = {
  /** The places that the settings name. */
  readonly places: readonly string[]
  /** As the log has it; null if there is no database. */
  readonly lastAnchors: () => Promise<LastAnchors | null>
  readonly now: () => Date
}

/** Says how old the last checkpoint in each outside place is, as far as the log knows. */
export function anchorCheck({ places, lastAnchors, now }: Anchors): Check {
  return {
    area: 'anchors',
    look: async () => {
      const found = await lastAnchors()
      if (found === null || Object.keys(found).length + places.length === 0)
        return ok(
          'The log knows of no anchor yet: the first is kept when a change has ended, and noted in the log within an hour.',
        )
      return [...new Set([...Object.keys(found), ...places])].flatMap((place) =>
        said(place, found[place], places, now()),
      )
    },
  }
}

function said(place: string, last: LastAnchors[string] | undefined, places: readonly string[], now: Date): Said[] {
  if (place !== 'thread' && !places.includes(place)) return []
  const where = place === 'thread' ? 'a thread in Slack' : `"${place}"`
  const check = 'Look for the reason in the log of the app, and fix it.'
  if (!last) return [warning(`As far as the log knows, no anchor is kept in ${where}.`, `Start Countersign. ${check}`)]
  const age = formatDistance(new Date(last.at), now)
  const text = `The last anchor in ${where} that the log knows of is from ${last.at}, ${age} ago: entry #${last.size}.`
  return [last.isBehind && place !== 'thread' ? warning(text, check) : ok(text)]
}
