import type { KeptCheckpoint } from '../domain/audit/anchor-check.ts'
import type { Keys } from '../domain/audit/chain-check.ts'

/** Whoever puts a backup back. */
export type By = { readonly keys: Keys; readonly actor: string; readonly now: Date }

export type PutBack = By & {
  /** The checkpoints kept outside that the log does not bear out. */
  readonly contradicted: readonly KeptCheckpoint[]
}

/** The number of entries that its log had, and the open changes that wait for approvals again. */
export type WasPutBack = { readonly size: number; readonly held: readonly number[] }
