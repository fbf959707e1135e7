import { allCalled, nameKey, sameName } from './find.ts'
import type { Token } from './token.ts'

/** The shortest end that people are shown of a uid. */
const shortest = 4

/** The ends of the uids of tokens whose stack has another with that name among `tokens`: nothing else is sure to differ. */
export function uidEnds(tokens: readonly Token[]): ReadonlyMap<Token, string> {
  const byName = Map.groupBy(tokens, ({ stack, settings }) => JSON.stringify([stack, nameKey(settings.name)]))
  const namesakes = [...byName.values()].filter((group) => group.length > 1)
  return new Map(namesakes.flatMap((group) => group.map((token): [Token, string] => [token, endOf(token.uid, group)])))
}

/** A token as an edit of it names it. */
type Named = { readonly stack: string; readonly tokenUid: string; readonly before: { readonly name: string } }

/** The same for the token of one edit; null if no other of `tokens` on its stack has that name. */
export function uidEndOf({ stack, tokenUid, before }: Named, tokens: readonly Token[]): string | null {
  const others = allCalled(tokens, before.name).filter(
    (token) => token.stack === stack && token.uid !== tokenUid && sameName(token.settings.name, before.name),
  )
  return others.length === 0 ? null : endOf(tokenUid, others)
}

function endOf(uid: string, group: readonly Token[]): string {
  const others = group.map((token) => token.uid).filter((other) => other !== uid)
  for (let length = shortest; length < uid.length; length++) {
    const end = uid.slice(-length)
    if (!others.some((other) => other.endsWith(end))) return `…${end}`
  }
  return uid
}
