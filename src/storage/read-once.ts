import type { z } from 'zod'

/** Enough for all tokens and open changes of nearly every team; beyond it, some are read again. */
const most = 20_000

/**
 * Reads stored JSON, and checks it by `schema`. The same rows are read again and again around each decision, so a row
 * whose text has not changed is not parsed again. Throws for a text that is not JSON, or that the schema refuses. All
 * callers share the result, so nobody may change it.
 */
export function readOnce<T>(schema: z.ZodType<T>) {
  type Known = Map<string | number, { readonly text: string; readonly value: T }>
  let known: Known = new Map()
  let before: Known = new Map()
  return (row: string | number, text: string): T => {
    const earlier = known.get(row) ?? before.get(row)
    const value = earlier?.text === text ? earlier.value : schema.parse(JSON.parse(text))
    if (known.get(row)?.text === text) return value
    // Recently used rows stay in one map or the other, so not everything is forgotten at once.
    if (known.size >= most / 2 && !known.has(row)) [known, before] = [new Map(), known]
    known.set(row, { text, value })
    return value
  }
}
