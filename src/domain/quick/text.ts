import { distinct } from '../look-alikes.ts'
import type { Names } from '../token/find.ts'
import { readQuick } from './command.ts'
import { inQuotes } from './quoted.ts'
import type { Outcome, Said } from './verb.ts'
import { type QuickCommand, verbOf } from './verbs.ts'

/** The line for this command: as people would type it if that reads as the same command, otherwise with names in quotes. */
export function written(command: QuickCommand, isToken: Names): string {
  const plain = compose(command, (text) => text)
  const quoted = compose(command, inQuotes)
  const read = readQuick(plain, isToken)
  // With names in quotes, no two commands are written alike.
  return 'command' in read && compose(read.command, inQuotes) === quoted ? plain : quoted
}

function compose(command: QuickCommand, name: (text: string) => string): string {
  const { verb, token, reason } = command
  const because = reason === null ? '' : ` because ${reason}`
  return `${verb} ${name(token)} ${headOf(command, name)}${because}`
}

/** The part after the token, without the reason. */
export function headOf(command: QuickCommand, name: (text: string) => string): string {
  return verbOf(command.verb).written(command, name)
}

type Came = Omit<Outcome, 'lastSeen'> & Partial<Outcome>

/**
 * Says what the command was understood to ask for, as an order and without a full stop. It says what the token names, and not
 * what it reaches, which the verdict says: an alias may still reach a branch that is removed.
 */
export function understood(command: QuickCommand, { lastSeen = false, ...outcome }: Came): Said[] {
  const token = { said: distinct(outcome.before.name) }
  return verbOf(command.verb).understood(command, token, { ...outcome, lastSeen })
}
