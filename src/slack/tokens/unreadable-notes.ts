import { unreadableInWords, unreadableLike } from '../../domain/token/unreadable.ts'
import type { Looks } from '../../workflow/looks/looks.ts'

const mostUnreadable = 5

/**
 * The tokens that can't be read and whose name or uid contains what was typed, with the reason for each of the first
 * few.
 */
export async function unreadableNotes(looks: Pick<Looks, 'unreadable' | 'titleOf'>, typed = ''): Promise<string[]> {
  const all = unreadableLike(looks.unreadable(), typed)
  const shown = all.slice(0, mostUnreadable)
  const notes = await Promise.all(shown.map(async (one) => unreadableInWords(one, await looks.titleOf(one.stack))))
  const more = all.length - shown.length
  return more > 0 ? [...notes, `${more} more can't be read either.`] : notes
}
