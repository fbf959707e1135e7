import type { z } from 'zod'

/** Enough for all tokens and all open changes of nearly every team: what is beyond is read anew, and not all of it. */
const most = 20_000

/**
 * Reads stored JSON, and checks it by `schema`. The same rows are read again and again around each decision, so one whose
 * text is as it was is not read anew. Throws for a text that is no JSON, or that the schema refuses. What it returns is
 * shared by all who ask, so it must be of a kind that nobody alters.
 */
export function readOnce<T>(schema: z.ZodType<T>) {
  type Known = Map<string | number, { readonly text: string; readonly value: T }>
  let known: Known = new Map()
  let before: Known = new Map()
  return (row: string | number, text: string): T => {
    const earlier = known.get(row) ?? before.get(row)
    const value = earlier?.text === text ? earlier.value : schema.parse(JSON.parse(text))
    if (known.get(row)?.text === text) return value
    // Whoever was asked for lately stays, in the one or the other: nothing is forgotten all at once.
    if (known.size >= most / 2 && !known.has(row)) [known, before] = [new Map(), known]
    known.set(row, { text, value })
    return value
  }
}
