/**
 * What can't be read: `says` is the rest of a sentence about the `word`, or a whole one when there is none. `meant` is the
 * right word that comes nearest.
 */
export type Wrong = { readonly word: string | null; readonly says: string; readonly meant: string | null }
export type Arguments = { readonly fields: object } | { readonly wrong: Wrong }

export function wrong(word: string | null, says: string, meant: string | null = null): Arguments {
  return { wrong: { word, says, meant } }
}
