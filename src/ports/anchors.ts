import type { Checkpoint } from '../domain/audit/chain.ts'

/** The places that hold it, or all that there are. */
type Anchored = readonly string[] | 'everywhere'

/** A checkpoint as it is kept outside the database, and after which change; null when it was only time for one. */
export type Anchor = Checkpoint & { readonly at: string; readonly change: number | null }

export type AnchorAfterChange = Anchor & { readonly change: number }

/** Somewhere outside the database. `keep` rejects when it could not, and does no harm when it is called again. */
export type AnchorPlace = { readonly name: string; keep(anchor: Anchor): Promise<void> }

/** Where the ends of changes are anchored by now. */
export type AnchorStore = {
  /** Where outside the database a checkpoint from after the end of a change is kept, by name. */
  anchors(id: number): Promise<Anchored>
  wasAnchored(id: number, where: Anchored): Promise<void>
}
