import type { Turn } from '../domain/audit/key-order.ts'
import type { LogEnd } from '../domain/audit/log-end.ts'
import type { KeysSince } from '../domain/audit/missing-keys.ts'
import type { KnownStacks } from '../domain/change/known-stacks.ts'

/** How far the tables of a database are behind this Countersign, and if a newer one wrote it. */
export type MigrationState = {
  /** The number of migrations that this Countersign knows and the database lacks. */
  readonly pending: number
  readonly applied: number
  readonly isNewer: boolean
  /** True if the database's own list has the first of the known migrations in order, each once, and no others. */
  readonly isInOrder: boolean
}

/** A difference between a database and what the migrations define. */
export type SchemaDifference = {
  readonly how: 'planted' | 'dropped' | 'altered'
  readonly type: string
  readonly name: string
  /** In words for people, as a clause. Whoever tampered with the database may have chosen any name in it. */
  readonly what: string
  /** How the migrations define it; null if they don't. */
  readonly sql: string | null
}

/** The open changes and the number of tokens that a database has for each stack, by id. */
export type Held = { readonly stack: string; readonly changes: readonly number[]; readonly tokens: number }

/**
 * The last checkpoint at each place outside, by the log. `isBehind`: the log went on for two hours after that, twice as
 * long as it should.
 */
export type LastAnchors = Readonly<
  Record<string, { readonly at: string; readonly size: number; readonly isBehind: boolean }>
>

export type Inspection = MigrationState & {
  /** The database's own findings of faults in itself, in its words; empty if it is sound. */
  readonly faults: readonly string[]
  /** Differences from what the migrations define; empty if a newer version made the file. */
  readonly schema: readonly SchemaDifference[]
  /** The changes that can't be read; the first ones, if there are many. */
  readonly unreadable: readonly number[]
  readonly lastEntry: LogEnd | null
  /** The log's entries about its keys. */
  readonly turns: readonly Turn[]
  /** The keys that the log was written with since the open changes were asked for. */
  readonly keysSince: KeysSince
  readonly lastAnchors: LastAnchors
  /** The last time that somebody did something in Slack, as an ISO instant. */
  readonly lastActed: string | null
  readonly known: KnownStacks
  readonly held: readonly Held[]
}
