import { distinct } from '../look-alikes.ts'
import { readQuick } from './command.ts'
import { inQuotes } from './quoted.ts'
import type { Outcome, Said } from './verb.ts'
import { type QuickCommand, verbOf } from './verbs.ts'

/** The line that reads as this command: as people type it where that reads the same, with names in quotes where not. */
export function written(command: QuickCommand, isToken: (text: string) => boolean): string {
  const plain = compose(command, (text) => text)
  const quoted = compose(command, inQuotes)
  const read = readQuick(plain, isToken)
  // In quotes, no two commands are written alike.
  return 'command' in read && compose(read.command, inQuotes) === quoted ? plain : quoted
}

function compose(command: QuickCommand, name: (text: string) => string): string {
  const { verb, token, reason } = command
  const because = reason === null ? '' : ` because ${reason}`
  return `${verb} ${name(token)} ${verbOf(verb).written(command, name)}${because}`
}

type Came = Omit<Outcome, 'lastSeen'> & Partial<Outcome>

/**
 * What the command was understood to ask for, as an order and without a full stop. What a token reaches is up to the verdict: a
 * branch that it no longer names may still be reached through an alias.
 */
export function understood(command: QuickCommand, { lastSeen = false, ...outcome }: Came): Said[] {
  const token = { said: distinct(outcome.before.name) }
  return verbOf(command.verb).understood(command, token, { ...outcome, lastSeen })
}
