import type { Turn } from '../domain/audit/key-order.ts'
import type { LogEnd } from '../domain/audit/log-end.ts'
import type { KeysSince } from '../domain/audit/missing-keys.ts'
import type { KnownStacks } from '../domain/change/known-stacks.ts'

/** How far the tables of a database are behind this Countersign, and if a newer one made something of them. */
export type MigrationState = {
  /** The number of migrations that this Countersign knows and the database lacks. */
  readonly pending: number
  readonly applied: number
  /** True if a newer one has changed them in a way that this one can't live with. */
  readonly isNewer: boolean
  /** True if a newer one has changed them or added to them. */
  readonly hasLater: boolean
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

/** How a database server is set up, as far as what Countersign promises depends on it. */
export type ServerInspection = {
  /** Its main version, such as 16. */
  readonly version: number
  /** True if what goes to it, or to a pooler before it, and comes back can't be read on the way. */
  readonly isEncrypted: boolean
  /** True if a pooler makes the connections to it. */
  readonly isPooled: boolean
  /** True for a standby: nothing can be written there. */
  readonly isStandby: boolean
  /** Its settings `fsync` and `synchronous_commit`, as they hold for this role in this database. */
  readonly fsync: string
  readonly synchronousCommit: string
  /** The number of replicas that are connected now. */
  readonly replicas: number
  /** True if the server's settings name replicas that a commit waits for. */
  readonly namesSynchronous: boolean
  /** Milliseconds by which its clock is ahead of this machine's. */
  readonly clockAhead: number
  readonly role: string
  readonly isSuperuser: boolean
  /** True if the role can change or drop the tables. */
  readonly ownsTables: boolean
  /** The rights that the app uses and the role does not have, on tables that are there and on their schema. */
  readonly lacking: readonly { readonly on: string; readonly right: string }[]
  readonly maxConnections: number
  /** The connections that one instance of the app makes at most. */
  readonly usedAtMost: number
}
