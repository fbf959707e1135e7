import type { z } from 'zod'

/** Enough for all tokens and all open changes of most teams. */
const most = 5000

/**
 * Reads stored JSON, and checks it by `schema`. The same rows are read again and again around each decision, so one whose
 * text is as it was is not read anew. Throws for a text that is no JSON, or that the schema refuses. What it returns is
 * shared by all who ask, so it must be of a kind that nobody alters.
 */
export function readOnce<T>(schema: z.ZodType<T>) {
  const known = new Map<string | number, { readonly text: string; readonly value: T }>()
  return (row: string | number, text: string): T => {
    const earlier = known.get(row)
    if (earlier?.text === text) return earlier.value
    const value = schema.parse(JSON.parse(text))
    if (known.size === most) known.clear()
    known.set(row, { text, value })
    return value
  }
}
