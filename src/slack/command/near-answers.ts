import { callOf, stackBefore } from '../../domain/token/find.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { GonePast } from '../tokens/gone-past.ts'
import { type Near, nearMatches, type Onward } from '../tokens/near.ts'
import { unreadableNotes } from '../tokens/unreadable-notes.ts'
import type { Waiting as AnyLine } from '../tokens/waiting.ts'
import type { Looked } from './lookup.ts'
import type { Tell } from './typed.ts'
import { labels, type PlainVerb } from './verbs.ts'

type Ways = Pick<Near, 'offers' | 'onward'>
type Waiting = AnyLine & { readonly verb: PlainVerb }

export type Unclear = Exclude<Looked, { kind: 'one' }>

export type NearAnswers = ReturnType<typeof createNearAnswers>

/** The answers to a name that fits no token, or more than one. */
export function createNearAnswers({ looks, gone }: { looks: Looks; gone: GonePast }) {
  return { tell, tellOrGone, notesOf, onward }

  /** Or that the tokens of this name are gone, and where their past is. */
  async function tellOrGone(say: Tell, typed: string, found: Unclear, ways: Ways): Promise<void> {
    const said = found.kind === 'near' ? await gone.saidOf(typed) : null
    await (said ? say(said) : tell(say, typed, found, ways))
  }

  async function tell(say: Tell, typed: string, found: Unclear, ways: Ways): Promise<void> {
    const notes = await notesOf(typed, found)
    await say(nearMatches({ typed, tokens: await looks.titled(found.tokens), notes, ...ways }))
  }

  /** The line that goes on once it is clear which token the text means. */
  async function onward(line: Waiting, typed: string): Promise<Onward> {
    const known = await looks.known()
    const stack = stackBefore(known, typed) ?? undefined
    return { waiting: { ...line, stack }, called: callOf(known), label: labels[line.verb] }
  }

  async function notesOf(typed: string, found: Unclear): Promise<string[]> {
    return [...(found.notes ?? []), ...(found.kind === 'near' ? await unreadableNotes(looks, typed) : [])]
  }
}
