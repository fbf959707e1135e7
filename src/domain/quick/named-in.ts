import { allCalled, namesOf } from '../token/find.ts'
import type { Token } from '../token/token.ts'
import { quoted } from './quoted.ts'
import { split } from './reading.ts'
import { knownAs } from './several-tokens.ts'

/** The tokens that a line names, and the rest of it. `before` is the first word, or empty if the name comes first. */
export type NamedIn = { readonly tokens: readonly Token[]; readonly before: string; readonly after: string }

/** Words in a token's name. */
const mostWords = 20

/** Looks for a token's name at the start of a line, and then behind each of its words; null if there is none. */
export function namedIn(tokens: readonly Token[], line: string): NamedIn | null {
  const [word, rest] = split(line.trim())
  const found = nameAtStart(tokens, line.trim())
  if (found) return { ...found, before: '' }
  const starts = [...rest.matchAll(/\S+/g)].slice(0, mostWords).map(({ index }) => index)
  for (const start of starts) {
    const behind = nameAtStart(tokens, rest.slice(start))
    if (behind) return { ...behind, before: word }
  }
  return null
}

/** The longest name or uid that fits. */
function nameAtStart(tokens: readonly Token[], text: string): Omit<NamedIn, 'before'> | null {
  const isToken = namesOf(tokens)
  const whole = quoted(text)
  if (whole && isToken(whole.value)) return { tokens: allCalled(tokens, whole.value), after: whole.rest.trim() }
  const ends = [...text.matchAll(/\S+/g)].slice(0, mostWords).map((word) => word.index + word[0].length)
  for (const end of ends.reverse()) {
    const name = knownAs(text.slice(0, end), isToken)
    if (name !== null) return { tokens: allCalled(tokens, name), after: text.slice(end).trim() }
  }
  return null
}
