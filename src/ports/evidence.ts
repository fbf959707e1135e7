import type { Entry } from '../domain/audit/chain-check.ts'
import type { StoredRow } from '../domain/audit/replay.ts'
import type { KnownStacks } from '../domain/change/known-stacks.ts'
import type { CardRef } from './cards.ts'

type TokenCalled = { readonly stack: string; readonly uid: string }

/** A database as it is at one moment, for reading only. Later writes are not seen. */
export type Evidence = {
  /** In order, some at a time, so that memory stays flat for a log of any length. */
  entries(): AsyncIterable<readonly Entry[]>
  /** The stored rows of these changes, by number; a change that is not stored is missing. */
  rows(ids: readonly number[]): Promise<ReadonlyMap<number, StoredRow>>
  /** How many changes are stored. */
  count(): Promise<number>
  /** Stored changes that no entry proposes. */
  withoutProposal(): Promise<readonly number[]>
  /** How often a refusal was repeated since the log first had it; undefined if it is not counted. */
  counted(key: string, since: string): Promise<number | undefined>
  /** In words: what the database defines differently from the migrations, and which indexes leave rows out. */
  readonly schema: readonly string[]
  /** Cards of ended changes. */
  cards(): Promise<readonly CardRef[]>
  /** Tokens that have or had this name or uid. */
  tokensCalled(name: string): Promise<readonly TokenCalled[]>
  /** The stacks by the log. */
  stacks(): Promise<KnownStacks>
  /** Resolves to a test for entries about that token. */
  isAbout(token: TokenCalled): Promise<(entry: Entry) => boolean>
  close(): void | Promise<void>
}
