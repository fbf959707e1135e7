import type { Looks } from '../../workflow/looks/looks.ts'
import type { GonePast } from '../tokens/gone-past.ts'
import { nearMatches } from '../tokens/near.ts'
import { unreadableNotes } from '../tokens/unreadable-notes.ts'
import type { Offers } from '../tokens/ways-to.ts'
import type { Looked } from './lookup.ts'
import type { Tell } from './typed.ts'

export type Unclear = Exclude<Looked, { kind: 'one' }>

export type NearAnswers = ReturnType<typeof createNearAnswers>

/** The answers to a name that fits no token, or more than one. */
export function createNearAnswers({ looks, gone }: { looks: Looks; gone: GonePast }) {
  return { tell, tellOrGone, notesOf }

  /** Or that the tokens of this name are gone, and where their past is. */
  async function tellOrGone(say: Tell, typed: string, found: Unclear): Promise<void> {
    const said = found.kind === 'near' ? await gone.saidOf(typed) : null
    await (said ? say(said) : tell(say, typed, found, 'show'))
  }

  async function tell(say: Tell, typed: string, found: Unclear, offers: Offers = 'edit'): Promise<void> {
    const notes = await notesOf(typed, found)
    await say(nearMatches({ typed, tokens: await looks.titled(found.tokens), offers, notes }))
  }

  async function notesOf(typed: string, found: Unclear): Promise<string[]> {
    return [...(found.notes ?? []), ...(found.kind === 'near' ? await unreadableNotes(looks, typed) : [])]
  }
}
