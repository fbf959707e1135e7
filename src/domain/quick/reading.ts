import type { Settings, StackFacts } from '../token/token.ts'

/**
 * The part that can't be read: `says` is the rest of a sentence about the `word`, or a whole sentence if there is none. `meant`
 * is the nearest right word, `nearest` what may have been meant by all of it.
 */
export type Wrong = {
  readonly word: string | null
  readonly says: string
  readonly meant: string | null
  readonly nearest?: Nearest
  /** A reason, if one seems to have been given without `because`. */
  readonly reason?: string
}

/** A line: another verb or token than before if they are given, the part after the token, and a reason if one was found. */
export type Wish = {
  readonly verb?: string
  readonly token?: string
  readonly head: string
  readonly reason?: string
}

/** The token that a line is about, if it is clear which. */
export type About = { readonly now: Date; readonly token: { before: Settings; facts: StackFacts } | null }
export type Nearest = (about: About) => readonly Wish[]

export type Read<Asks> = { readonly asks: Asks } | { readonly wrong: Wrong }

export function wrong(
  word: string | null,
  says: string,
  meant: string | null = null,
  nearest?: Nearest,
): { readonly wrong: Wrong } {
  return { wrong: { word, says, meant, ...(nearest && { nearest }) } }
}

/** The first word, and everything after it. */
export function split(text: string): [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(text) ?? []
  return [word, rest]
}
