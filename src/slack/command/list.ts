import { withoutFillers } from '../../domain/fillers.ts'
import { nearestWord } from '../../domain/nearest.ts'
import { filtered, readFilter, type TokenFilter } from '../../domain/token/filter.ts'
import { findToken } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { TitledToken } from '../kit/options.ts'
import { allOutOfReach } from '../tokens/out-of-reach.ts'
import { tokenList } from '../tokens/token-list.ts'
import { unreadableNotes } from '../tokens/unreadable-notes.ts'
import type { Lookup } from './lookup.ts'
import type { Run } from './typed.ts'

type Deps = { looks: Looks; lookup: Pick<Lookup, 'listed'>; now: () => Date }

/** `/token list`, and `/token list website expiring` */
export function createList({ looks, lookup, now }: Deps): Run {
  return async ({ rest, person, tell, said }) => {
    const failures = await lookup.listed(person, tell)
    const notes = [...(await allOutOfReach(looks, failures, said)), ...(await unreadableNotes(looks))]
    const known = await looks.known()
    const tokens = await looks.titled(known)
    const filter = filterFor(rest, tokens, now())
    await tell(tokenList({ tokens, now: now(), notes, filter, nearest: nearestTo(filter, tokens, known) }))
  }
}

/** `list all tokens on shop` is about the shop, unless something is called all of that. */
function filterFor(typed: string, tokens: readonly TitledToken[], now: Date): TokenFilter {
  const filter = readFilter(typed)
  if (filter.text === '' || filtered(tokens, { ...filter, expiry: null }, now).tokens.length > 0) return filter
  const text = filter.expiry === 'soon' ? filter.text.replace(soon, ' ') : filter.text
  return { ...filter, text: withoutFillers(text) }
}

/** Nothing more than `expiring` says: the answer says within how many days. */
const soon =
  /(?:^|\s)(?:soon|(?:before\s+)?this\s+(?:week|month)|(?:(?:with)?in\s+)?(?:the\s+next\s+)?(?:30\s+days|4\s+weeks|(?:a|one)\s+month))(?=\s|$)/i

/** The stack or the name that the text of a filter comes near. */
function nearestTo({ text }: TokenFilter, tokens: readonly TitledToken[], known: readonly Token[]): string | null {
  if (text === '') return null
  const stack = nearestWord(text, [...new Set(tokens.map(({ stackTitle }) => stackTitle))])
  const found = findToken(known, text)
  const token = found.kind === 'one' ? found.token : found.tokens[0]
  return stack ?? token?.settings.name ?? null
}
