import { hasEnded } from '../../domain/change/change.ts'
import { type EndedBy, endOf, isDefiniteNo } from '../../domain/outside-trouble.ts'
import type { Anchor, AnchorAfterChange, AnchorPlace, AnchorStore } from '../../ports/anchors.ts'
import type { CardStore } from '../../ports/cards.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'
import type { LogReads } from '../../ports/log.ts'
import { createPosts, PutOff } from '../cards/posts.ts'

type Deps = {
  store: ChangeReads & CardStore & AnchorStore & LogReads
  chat: Pick<Chat, 'postAnchor' | 'reached'>
  /** Where checkpoints are kept besides the card's thread. */
  places: readonly AnchorPlace[]
  /** Called for each place that holds a checkpoint now. */
  onKept: (place: string, anchor: Anchor) => void
  now: () => Date
}

const thread = 'thread'

type PlaceOfChange = { readonly name: string; keep(anchor: AnchorAfterChange): Promise<void> }

/**
 * Keeps a checkpoint of the log outside the database once a change has ended, so that whoever rewrites the database
 * can't rewrite the log of that time. A place that fails does not hold up the others, and is tried again.
 */
export function createAnchors({ store, chat, places, onKept, now }: Deps) {
  const posts = createPosts({ chat, now })
  return { anchor }

  /** Throws with everything that went wrong if some place does not hold the checkpoint yet. */
  async function anchor(id: number): Promise<void> {
    const kept = await store.anchors(id)
    const stored = await store.get(id)
    if (kept === 'everywhere' || !hasEnded(stored.change)) return
    const anchor = { ...(await store.checkpoint()), at: now().toISOString(), change: id }
    const missing: PlaceOfChange[] = [...threadOf(stored), ...places].filter(({ name }) => !kept.includes(name))
    const tries = await Promise.allSettled(missing.map((place) => place.keep(anchor)))
    const failures = missing.flatMap(({ name }, i) => failureOf(name, tries[i]!))
    const holding = missing.filter((_, i) => tries[i]!.status === 'fulfilled').map(({ name }) => name)
    for (const place of holding) onKept(place, anchor)
    const everywhere = stored.card !== null && holding.length === missing.length
    if (everywhere || holding.length > 0) await store.wasAnchored(id, everywhere ? 'everywhere' : [...kept, ...holding])
    if (holding.includes(thread)) posts.end(id)
    if (holding.length < missing.length) throw notHeld(failures, tries)
  }

  /** Empty before the card is posted: catching up posts it in its own time, and comes back for this. */
  function threadOf({ change: { id }, card }: StoredChange): PlaceOfChange[] {
    if (!card) return []
    const keep = async (anchor: AnchorAfterChange) => {
      if (await posts.once(id, card.ts, () => chat.postAnchor(card, anchor))) return
      posts.end(id)
      await store.cardStands(id, { ...card, seq: 0 })
      throw new Error('The card is gone, so it has to be posted again.')
    }
    return [{ name: thread, keep }]
  }
}

/** A definite no if every place that does not hold it has said no. */
function notHeld(failures: readonly string[], tries: readonly PromiseSettledResult<void>[]): Error {
  const reasons = tries.flatMap((tried) =>
    tried.status === 'rejected' && !isPutOff(tried) ? [tried.reason as unknown] : [],
  )
  if (reasons.length === 0) return new PutOff()
  const endedBy: EndedBy | null = reasons.every(isDefiniteNo) ? endOf(reasons[0]) : null
  return Object.assign(new AggregateError(reasons, failures.join(' ')), endedBy && { endedBy })
}

function failureOf(name: string, tried: PromiseSettledResult<void>): string[] {
  if (tried.status === 'fulfilled' || isPutOff(tried)) return []
  const why = tried.reason instanceof Error ? tried.reason.message : String(tried.reason)
  return [`The checkpoint could not be kept in "${name}" yet: ${why}`]
}

function isPutOff({ reason }: PromiseRejectedResult): boolean {
  return reason instanceof PutOff
}
