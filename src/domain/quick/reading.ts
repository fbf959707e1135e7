/**
 * The part that can't be read: `says` is the rest of a sentence about the `word`, or a whole sentence if there is none. `meant`
 * is the nearest right word.
 */
export type Wrong = { readonly word: string | null; readonly says: string; readonly meant: string | null }
export type Read<Asks> = { readonly asks: Asks } | { readonly wrong: Wrong }

export function wrong(word: string | null, says: string, meant: string | null = null): { readonly wrong: Wrong } {
  return { wrong: { word, says, meant } }
}

/** The first word, and everything after it. */
export function split(text: string): [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(text) ?? []
  return [word, rest]
}
