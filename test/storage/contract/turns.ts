import type { Clock } from '../../support/clock.ts'
import type { Place } from './engines.ts'

/** A store that counts how often it lets others have a turn, and does `meanwhile` then. */
export async function withTurns(place: Place, { now }: Clock) {
  const turns = { count: 0, meanwhile: async () => {} }
  const pause = async () => {
    turns.count++
    await turns.meanwhile()
  }
  return { ...(await place.openWithin({ now, pause })), turns, place }
}
