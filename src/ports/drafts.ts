import type { Reverts } from '../domain/change/reverts.ts'
import type { Settings } from '../domain/token/token.ts'

/** The state an open form was drawn from, and its contents so far. */
export type Draft = {
  readonly id: string
  readonly person: string
  readonly stack: string
  readonly tokenUid: string
  readonly before: Settings
  /** The contents of the form, as `slack/` wrote them down; opaque here. */
  readonly form: unknown
  /** The parts of the form in sight, as `slack/` wrote them down; opaque here. */
  readonly shown: unknown
  /**
   * How often each part of the form was redrawn because the token had moved there; a part that never was is missing.
   */
  readonly afresh: Readonly<Record<string, number>>
  /** The open change that the form edits, as the person saw it; null if the form asks for a new one. */
  readonly change: { readonly id: number; readonly revision: number } | null
  /** The thing that the form was opened to undo; null if it was opened for something else. */
  readonly reverts: Reverts | null
}

/** The contents of open forms so far. */
export type DraftStore = {
  /** For a form that is just being opened. A power failure may lose it, but never leaves a different one. */
  startDraft(draft: Draft, at: string): Promise<void>
  saveDraft(draft: Draft, at: string): Promise<void>
  draft(id: string): Promise<Draft | null>
  /** Forgets drafts last saved before `at`, and all but the newest hundred of each person. */
  forgetDrafts(at: string): Promise<void>
}
