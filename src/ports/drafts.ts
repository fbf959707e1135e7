import type { Reverts } from '../domain/change/reverts.ts'
import type { Settings } from '../domain/token/token.ts'

/** What an open form was drawn from, and what it says so far. */
export type Draft = {
  readonly id: string
  readonly person: string
  readonly stack: string
  readonly tokenUid: string
  readonly before: Settings
  /** What the form says, as `slack/` wrote it down; opaque here. */
  readonly form: unknown
  /** How often each part of the form was drawn afresh, since the token had moved there; a part that never was is missing. */
  readonly afresh: Readonly<Record<string, number>>
  /** The open change that the form edits, as the person saw it; null when the form asks for a new one. */
  readonly change: { readonly id: number; readonly revision: number } | null
  /** What the form was opened to undo; null when it was not. */
  readonly reverts: Reverts | null
}

/** What open forms say so far. */
export type DraftStore = {
  /** For a form that is just being opened. Should the machine's power fail, it may be gone, but is never another. */
  startDraft(draft: Draft, at: string): Promise<void>
  saveDraft(draft: Draft, at: string): Promise<void>
  draft(id: string): Promise<Draft | null>
  /** Forgets drafts last saved before `at`, and of each person all but the newest hundred. */
  forgetDrafts(at: string): Promise<void>
}
