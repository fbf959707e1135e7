import type { Change } from '../change/change.ts'
import type { Settings } from '../token/token.ts'
import { leftBy } from './left-by.ts'

/** `seq`: its place in the log. */
type Applied = { readonly seq: number; readonly change: Change }
type Edit = { readonly seq: number; readonly at: string; readonly after: Settings; readonly editedAt: string | null }

/** A token as last seen, by the log. */
export type LastLeft = { readonly settings: Settings; readonly editedAt: string | null; readonly seenAt: string }

/**
 * How the log left a token of which no look is known: as the last applied change made it, or as the last recorded edit
 * made elsewhere. Null if the log has neither, or has an update that no look has shown.
 */
export function lastLeft(applied: Applied | null, edit: Edit | null): LastLeft | null {
  if (applied === null || (edit !== null && edit.seq > applied.seq))
    return edit && { settings: edit.after, editedAt: edit.editedAt, seenAt: edit.at }
  const { change } = applied
  if (change.status !== 'applied' || (change.sends ?? []).some(({ watchUntil }) => watchUntil !== undefined))
    return null
  return { settings: leftBy(change), editedAt: null, seenAt: change.endedAt }
}
