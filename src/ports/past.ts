import type { Fact } from '../domain/audit/fact.ts'
import type { Stretch, Wanted } from '../domain/stretch.ts'
import type { Token } from '../domain/token/token.ts'
import type { StoredChange, TokenRef } from './changes.ts'

type Noted<T extends Fact['type']> = { readonly seq: number; readonly at: string } & {
  readonly fact: Extract<Fact, { type: T }>
}

export type OutsideEdit = Noted<'outside_edit'>

/** The view besides open changes. */
export type Overview = {
  /** Changes that have ended, the last to end first. */
  readonly ended: Stretch<StoredChange>
  /** Tokens as last seen that expire on one of the days asked for, the first to expire first. */
  readonly expiring: Stretch<Token>
  /** Edits made elsewhere that nobody has looked at yet, newest first. */
  readonly outsideEdits: Stretch<OutsideEdit>
  /** The last verification of the log, if there ever was one. */
  readonly verified: Noted<'log_verified'> | null
}

export type OverviewWanted = {
  readonly ended: Wanted
  /** `from` and `to` are days (yyyy-MM-dd), both included; of all stacks if none are named. */
  readonly expiring: Wanted & { readonly from: string; readonly to: string; readonly stacks?: readonly string[] }
  readonly outsideEdits: Wanted
}

/** A change that has ended, or an edit made elsewhere. */
export type PastEntry =
  | { readonly kind: 'change'; readonly stored: StoredChange }
  | { readonly kind: 'edit'; readonly edit: OutsideEdit }

/** A page of a token's history, newest first, with the number of entries newer than this page, and of all. */
export type Past = { readonly entries: readonly PastEntry[]; readonly skipped: number; readonly total: number }

/** At most `size` entries: those before or after an entry, by its place in the log, or after the newest so many. */
export type PastFrom = { readonly before: number } | { readonly after: number } | { readonly skip: number }

export type PastWanted = { readonly size: number } & PastFrom

/** The history of changes and tokens. */
export type PastReads = {
  overview(wanted: OverviewWanted): Promise<Overview>
  /** An edit made elsewhere, by its number, and if somebody has looked at it; null if there is none. */
  outsideEdit(edit: number): Promise<(OutsideEdit & { readonly seen: boolean }) | null>
  past(of: TokenRef, wanted: PastWanted): Promise<Past>
}
