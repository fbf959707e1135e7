import { distinct, distinctInList } from '../look-alikes.ts'
import { moduleInWords } from '../token/access.ts'
import { dayOf } from '../token/expiry.ts'
import { ratesInWords } from '../token/rate-limits.ts'
import { modules, type Settings } from '../token/token.ts'
import { accessTo } from './access.ts'
import { type QuickCommand, quickCommand, readQuick } from './command.ts'
import { countedFrom } from './edit.ts'
import { inQuotes } from './quoted.ts'

/** The line that reads as this command: as people type it where that reads the same, with names in quotes where not. */
export function written(command: QuickCommand, isToken: (text: string) => boolean): string {
  const plain = compose(command, (text) => text)
  const read = readQuick(plain, isToken)
  const same = 'command' in read && JSON.stringify(read.command) === JSON.stringify(quickCommand.parse(command))
  return same ? plain : compose(command, inQuotes)
}

function compose(command: QuickCommand, name: (text: string) => string): string {
  const { verb, token, reason } = command
  const because = reason === null ? '' : ` because ${reason}`
  return `${verb} ${name(token)} ${argumentsOf(command, name)}${because}`
}

function argumentsOf(command: QuickCommand, name: (text: string) => string): string {
  switch (command.verb) {
    case 'rename':
      return `to ${name(command.name)}`
    case 'extend': {
      const { until } = command
      if (until.kind === 'for') return `${until.count}${until.unit}`
      return until.kind === 'day' ? until.day : 'never'
    }
    case 'grant':
    case 'revoke':
      return `${command.access} on ${command.on === 'all' ? 'all' : command.on.join(', ')}`
    case 'scope':
      return [...command.add.map((one) => `+${name(one)}`), ...command.remove.map((one) => `-${name(one)}`)].join(' ')
    case 'limit':
      return command.to === 'organisation' ? 'organisation' : `read ${command.to.read} write ${command.to.write}`
  }
}

/** A piece of a sentence: the app's own words, or what somebody wrote. */
export type Said = string | { readonly said: string }

/**
 * What the command was understood to ask for, as an order and without a full stop. What a token reaches is up to the verdict: a
 * branch that it no longer names may still be reached through an alias.
 */
export function understood(command: QuickCommand, { before, after, now, lastSeen = false }: Pair): Said[] {
  const token = { said: distinct(before.name) }
  switch (command.verb) {
    case 'rename':
      return ['rename token ', token, ' to "', { said: distinct(command.name) }, '"']
    case 'extend':
      return after.expiresOn === null
        ? ['let token ', token, ' never expire']
        : ['let token ', token, ` expire on ${dayOf(after.expiresOn)}`, since(command, { before, now, lastSeen })]
    case 'grant':
      return ['give token ', token, ` ${command.access} on ${onInWords(command.on)}`]
    case 'revoke':
      return [
        `take ${taken(command, before)} ${command.on === 'all' ? 'everywhere' : `on ${onInWords(command.on)}`} from token `,
        token,
      ]
    case 'scope':
      return [
        ...named('let token ', token, ' name ', command.add),
        command.add.length * command.remove.length > 0 ? ', and ' : '',
        ...named('let token ', token, ' no longer name ', command.remove),
      ]
    case 'limit':
      return ['limit token ', token, ` to ${rateInWords(command.to)}`]
  }
}

type Pair = {
  readonly before: Settings
  readonly after: Settings
  readonly now: Date
  /** True where `before` is what was last seen, and nobody could look now. */
  readonly lastSeen?: boolean
}

type Known = Required<Omit<Pair, 'after'>>

function since({ until }: Extract<QuickCommand, { verb: 'extend' }>, { before, now, lastSeen }: Known): string {
  const from = countedFrom(before.expiresOn, now)
  if (until.kind !== 'for' || from === null) return ''
  const units = { d: 'day', w: 'week', m: 'month', y: 'year' }
  const length = `${until.count} ${units[until.unit]}${until.count === 1 ? '' : 's'}`
  if (from.isToday) return `, ${length} from today (${from.day})`
  return `, ${length} after ${lastSeen ? 'the expiry that was last seen' : 'its current expiry'}, ${from.day}`
}

/** There is no writing without reading, so whoever may write and is to read no more loses both. */
function taken({ access, on }: Extract<QuickCommand, { verb: 'revoke' }>, { permissions }: Settings): string {
  const writes = (on === 'all' ? modules : on).some((module) => accessTo(permissions, module) === 'write')
  return access === 'read' && writes ? 'read, and write with it,' : access
}

function onInWords(on: Extract<QuickCommand, { verb: 'grant' }>['on']): string {
  return on === 'all' ? 'the whole stack' : on.map((module) => moduleInWords(module).toLowerCase()).join(', ')
}

function named(before: string, token: Said, after: string, names: readonly string[]): Said[] {
  if (names.length === 0) return []
  const list = names.flatMap((name, i): Said[] => [i === 0 ? '' : ', ', { said: distinctInList(name) }])
  return [before, token, after, ...list]
}

function rateInWords(to: Extract<QuickCommand, { verb: 'limit' }>['to']): string {
  return to === 'organisation' ? "the organisation's rate limits" : ratesInWords(to)
}
