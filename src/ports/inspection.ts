import type { Turn } from '../domain/audit/key-order.ts'
import type { LogEnd } from '../domain/audit/log-end.ts'
import type { KeysSince } from '../domain/audit/missing-keys.ts'
import type { KnownStacks } from '../domain/change/known-stacks.ts'

/** How far the tables of a database are behind this Countersign, and whether a newer one wrote it. */
export type MigrationState = {
  /** How many of the migrations that this Countersign knows are still to come. */
  readonly pending: number
  readonly applied: number
  readonly isNewer: boolean
  /** The list of what was done, in the database, has each of the first so many that this Countersign knows once, and no others. */
  readonly isInOrder: boolean
}

/** Something that a database defines differently from the migrations. */
export type SchemaDifference = {
  readonly how: 'planted' | 'dropped' | 'altered'
  readonly type: string
  readonly name: string
  /** In words for people, as a clause: whatever is named was named by whoever had their hands in the file. */
  readonly what: string
  /** How the migrations define it; null where they don't. */
  readonly sql: string | null
}

/** What a database has of each stack, by its id: the open changes, and how many tokens. */
export type Held = { readonly stack: string; readonly changes: readonly number[]; readonly tokens: number }

/**
 * Of each place outside, what it was last given as far as the log has it. `isBehind`: the log went on for two hours after
 * that, twice as long as it should.
 */
export type LastAnchors = Readonly<
  Record<string, { readonly at: string; readonly size: number; readonly isBehind: boolean }>
>

export type Inspection = MigrationState & {
  /** What the database finds wrong with itself, in its words; nothing if it is sound. */
  readonly faults: readonly string[]
  /** What it defines otherwise than the migrations do; nothing where a newer version made it. */
  readonly schema: readonly SchemaDifference[]
  /** The changes that can't be read: of many, the first. */
  readonly unreadable: readonly number[]
  readonly lastEntry: LogEnd | null
  /** What the log says of its keys. */
  readonly turns: readonly Turn[]
  /** Of those that it was written with since the open changes were asked for. */
  readonly keysSince: KeysSince
  readonly lastAnchors: LastAnchors
  /** When somebody last did something in Slack, as an ISO instant. */
  readonly lastActed: string | null
  readonly known: KnownStacks
  readonly held: readonly Held[]
}
