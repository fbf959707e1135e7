import { z } from 'zod'

/** A fact that moves no change, kept in the same log as those that do. */
export const fact = z.discriminatedUnion('type', [
  /** Somebody attempted what the app declined. */
  z.object({ type: z.literal('refused'), attempted: z.string(), code: z.string(), why: z.string() }),
  z.object({ type: z.literal('started'), version: z.string() }),
  z.object({ type: z.literal('stopped') }),
])
export type Fact = Readonly<z.infer<typeof fact>>
