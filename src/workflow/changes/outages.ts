import { fromOutside } from '../../domain/from-outside.ts'
import { endOf, NotInTime, namesItsRest, plainWordsOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { People } from '../../ports/people.ts'

/**
 * The same people, with a Refusal if somebody can't be looked up: whoever acts is told in words, and the log records it
 * like any other "no".
 */
export function refusingOutages(people: People): People {
  return {
    obstacle: (person) => people.obstacle(person).catch(refuse),
    members: (group) => people.members(group).catch(refuse),
    canonical: (person) => people.canonical(person).catch(refuse),
  }
}

const refuse = refuseSince('Who may ask and decide could not be looked up in Slack')

/**
 * Takes a look-up's error, and throws a Refusal instead that says `what` failed, why, and what to do. A reason that
 * only whoever runs the app can use is left to the logs.
 */
export function refuseSince(what: string): (error: unknown) => never {
  return (error) => {
    const why = fromOutside(error instanceof Error ? error.message : String(error))
    const then = `, so nothing was done. ${todoAfter(error)}`
    const noted = `${what} (${why})${then}`
    if (plainWordsOf(error) === null) throw new Refusal('unavailable', noted, { cause: error })
    throw new Refusal('unavailable', `${what}${then}`, { noted, cause: error })
  }
}

function todoAfter(error: unknown): string {
  if (endOf(error) === 'operator') return 'Tell whoever runs Countersign.'
  if (namesItsRest(error)) return 'Try again after that.'
  return error instanceof NotInTime ? 'Try again.' : 'Try again in a minute.'
}
