import type { Checkpoint } from '../domain/audit/chain.ts'

/** The places that hold it, or all of them. */
type Anchored = readonly string[] | 'everywhere'

/**
 * A checkpoint as it is kept outside the database, and the change that it follows; null if it was only time for one.
 */
export type Anchor = Checkpoint & { readonly at: string; readonly change: number | null }

export type AnchorAfterChange = Anchor & { readonly change: number }

/** A place outside the database. `keep` rejects if it could not, and calling it again does no harm. */
export type AnchorPlace = { readonly name: string; keep(anchor: Anchor): Promise<void> }

/** Where the ends of changes are anchored. */
export type AnchorStore = {
  /** The places outside the database that hold a checkpoint from after the end of a change, by name. */
  anchors(id: number): Promise<Anchored>
  wasAnchored(id: number, where: Anchored): Promise<void>
}
