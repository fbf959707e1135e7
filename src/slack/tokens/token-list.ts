import { type Filtered, filtered, soonDays, type TokenFilter } from '../../domain/token/filter.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { count } from '../../words/text.ts'
import type { Words } from '../../words/words.ts'
import type { Message } from '../kit/blocks.ts'
import { apartFrom, type TitledToken } from '../kit/options.ts'
import { type Offer, sayButtons } from '../kit/say-buttons.ts'
import { message, notesInText, tokenWords } from './token-text.ts'

/** Lines of a list; the rest is counted. */
const mostListed = 100

type Listed = {
  /** All that are known. */
  readonly tokens: readonly TitledToken[]
  readonly now: Date
  readonly filter?: TokenFilter
  /** The nearest stack or name, if nothing holds the text. */
  readonly nearest?: string | null
  /** Sentences about what could not be read, each complete by itself. */
  readonly notes?: readonly string[]
}

const everything: TokenFilter = { text: '', expiry: null }

/** `/token list`, and what it was narrowed down to. */
export function tokenList({ tokens: all, now, filter = everything, nearest = null, notes = [] }: Listed): Message {
  const found = filtered(all, filter, now)
  const { tokens } = found
  const isNone = all.length > 0 && tokens.length === 0
  const heading = isNone ? noneWords(found, filter) : headingWords(all.length, found, filter)
  const apart = apartFrom(tokens)
  const lines = tokens.slice(0, mostListed).map((one) => tokenWords(one, now, apart(one.token)))
  const pieces = [...lines.map((words) => line(...words)), ...moreThan(tokens.length), ...notes.flatMap(quote)]
  const beside = notesInText(notes)
  const said: Words = beside === '' ? heading : [...withStop(heading), ` ${beside}`]
  const { text, blocks } = message(said, [[line(...heading), ...pieces]], lines)
  return { text, blocks: [...blocks, ...(isNone ? sayButtons(instead(all, filter, nearest, now)) : [])] }
}

function moreThan(found: number): Piece[] {
  const hidden = found - mostListed
  return hidden > 0 ? [line(`and ${hidden} more: `, { said: '/token' }, ' finds each by part of its name')] : []
}

function headingWords(all: number, { tokens, onStack }: Filtered<TitledToken>, filter: TokenFilter): Words {
  if (all === 0) return [{ strong: 'No tokens are known here yet.' }]
  const howMany = count(tokens.length, 'token')
  if (filter.text === '' && filter.expiry === null) return [{ strong: `${howMany} under governance:` }]
  const expiry = filter.expiry === null ? '' : ` that ${tokens.length === 1 ? one[filter.expiry] : many[filter.expiry]}`
  return [{ strong: howMany }, ...whichOnes(filter, onStack), `${expiry}:`]
}

function noneWords({ onStack }: Filtered<TitledToken>, filter: TokenFilter): Words {
  const expiry = filter.expiry === null ? ' is known here' : ` ${one[filter.expiry]}`
  return ['No token', ...whichOnes(filter, onStack), `${expiry}.`]
}

const one = { soon: `expires within ${soonDays} days`, expired: 'has expired', never: 'never expires' } as const
const many = { soon: `expire within ${soonDays} days`, expired: 'have expired', never: 'never expire' } as const

function whichOnes({ text }: TokenFilter, onStack: string | null): Words {
  if (text === '') return []
  return onStack === null
    ? [' with ', { said: text }, ' in the name, the uid or the stack']
    : [' on ', { said: onStack }]
}

function withStop(heading: Words): Words {
  const last = heading.at(-1)!
  const text = typeof last === 'object' && 'strong' in last ? last.strong : String(last)
  return [...heading.slice(0, -1), text.replace(/[:.]$/, '.')]
}

/** The nearest list that is not empty, and all of it. */
function instead(all: readonly TitledToken[], filter: TokenFilter, nearest: string | null, now: Date): Offer[] {
  const expired = { ...filter, expiry: 'expired' } as const
  const isExpired = filter.expiry === 'soon' && filtered(all, expired, now).tokens.length > 0
  return [
    ...(nearest === null ? [] : [{ line: `list ${nearest}`, label: `List ${nearest}` }]),
    ...(isExpired ? [{ line: `list ${filter.text} expired`.replace('  ', ' '), label: 'List expired ones' }] : []),
    { line: 'list', label: 'List all tokens' },
  ]
}
