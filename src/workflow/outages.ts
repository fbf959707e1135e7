import { Refusal } from '../domain/refusal.ts'
import type { People } from '../ports.ts'

/**
 * The same people, but that whoever can't be looked up is a refusal: those who act are told in words, and the log keeps it
 * like any other "no".
 */
export function refusingOutages(people: People): People {
  return {
    obstacle: (person) => people.obstacle(person).catch(refuse),
    members: (group) => people.members(group).catch(refuse),
  }
}

function refuse(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error)
  throw new Refusal(
    'unavailable',
    `Who may ask and decide could not be looked up in Slack (${why}), so nothing was done. Try again in a minute.`,
  )
}
