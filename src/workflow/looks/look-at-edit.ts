import { Refusal } from '../../domain/refusal.ts'
import type { LogWrites } from '../../ports/log.ts'
import type { PastReads } from '../../ports/past.ts'

/**
 * Records once that somebody has looked at an edit made elsewhere; a second person has nothing left to do. Throws a
 * Refusal if there is no such edit.
 */
export async function lookAtEdit(store: PastReads & LogWrites, edit: number, by: string): Promise<void> {
  const found = await store.outsideEdit(edit)
  if (!found) throw new Refusal('not_found', 'There is no such edit to look at. Nothing was recorded.')
  if (!found.seen) await store.note({ type: 'outside_edit_seen', edit }, by, null)
}
