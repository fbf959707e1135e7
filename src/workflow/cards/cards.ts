import { hasEnded } from '../../domain/change/change.ts'
import { markOf } from '../../domain/change/seal.ts'
import { wasNotDone } from '../../domain/outside-trouble.ts'
import type { CardRef, CardStore } from '../../ports/cards.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Chat, Leaving, Redrawn } from '../../ports/chat.ts'
import { createClaim } from './claim.ts'
import type { Posts } from './posts.ts'

/** A card as somebody just saw it. `mark` is what its button carried, empty if it carried none. */
export type PressedCard = CardRef & { readonly mark: string }

type Deps = {
  store: ChangeReads & CardStore
  chat: Chat
  posts: Posts
  /** True for a card in another channel than it should be in, which is to be posted again there. */
  isMisplaced: (stored: StoredChange) => boolean
  now: () => Date
}

/** Longer than a post to Slack takes once it is sent. Until then no other process posts the same card. */
const postingMs = 15_000
const mentionsEveryMs = 60_000

/** A change that is set aside has no stack to name the channel of a new card. */
function mayPost({ change }: StoredChange): boolean {
  return (change.setAside ?? null) === null
}

/** Cards, each as its change is stored: posted once, redrawn when they are behind. */
export function createCards({ store, chat, posts, isMisplaced, now }: Deps) {
  const seenAt = new Map<number, PressedCard>()
  /**
   * For each change whose card this process drew: the entry it was last drawn at, and when it was last drawn only for
   * mentions of it elsewhere.
   */
  const drawn = new Map<number, { seq: number; mentionsAt: number | null }>()
  /** Changes with a card on its way and none that may be there already. */
  const onItsWay = new Set<number>()
  const isFirst = (id: number) => onItsWay.has(id)
  const seen = (id: number, card: PressedCard) => void seenAt.set(id, card)
  return { show, redraw, isFirst, seen, redrawStray, sayUnknown }

  /** False if a redraw is only put off: Slack was not asked. */
  async function show(id: number, leaves?: () => void): Promise<boolean> {
    const stored = await standing(await store.get(id))
    if (isPutOff(stored)) return false
    await draw(stored, leaves)
    return true
  }

  /** The same for a card that was posted; `leaves` is called once it is on its way. */
  async function redraw(id: number, leaves: () => void): Promise<boolean> {
    return (await store.get(id)).card !== null && show(id, leaves)
  }

  function isPutOff(stored: StoredChange): boolean {
    const { card, seq } = stored
    if (!card || card.seq === seq || showsAnother(stored) || isToMove(stored)) return false
    return whatMoved(stored) === 'mentions' && !mayShowMentions(stored)
  }

  async function draw(stored: StoredChange, leaves?: () => void): Promise<void> {
    const { id } = stored.change
    if (!stored.card) return mayPost(stored) ? postCard(stored, null) : undefined
    const isAnother = showsAnother(stored)
    if (stored.card.seq === stored.seq && !isAnother) return
    if (isToMove(stored)) return postElsewhere(stored, stored.card)
    const updated = await chat.updateCard(stored.card, stored, isAnother ? 'moved' : whatMoved(stored), leaves)
    if (!updated && mayPost(stored)) return postInstead(stored, stored.card)
    await store.cardWasDrawn(id, stored.card, stored.seq)
    await wasDrawn(stored)
  }

  function isToMove(stored: StoredChange): boolean {
    return mayPost(stored) && isMisplaced(stored)
  }

  /** A card that somebody pressed is there, though Slack never said so. */
  async function standing(stored: StoredChange): Promise<StoredChange> {
    const { id } = stored.change
    const seen = seenAt.get(id)
    if (stored.card || !stored.cardInDoubt || !seen) return stored
    await store.cardStands(id, { channel: seen.channel, ts: seen.ts, seq: 0 })
    posts.end(id, 'card')
    return store.get(id)
  }

  /** True for a card drawn before a backup was put back: by the file, it is up to date. */
  function showsAnother({ change, card }: StoredChange): boolean {
    const seen = seenAt.get(change.id)
    return seen !== undefined && seen.ts === card?.ts && seen.mark !== markOf(change)
  }

  /** If it is unknown what the card was drawn at, anything may have moved. */
  function whatMoved({ change: { id }, seq }: StoredChange): Redrawn {
    return drawn.get(id)?.seq === seq ? 'mentions' : 'moved'
  }

  /** At most once a minute, and after more important posts: until then the card stays behind, and is tried again. */
  function mayShowMentions({ change: { id }, seq }: StoredChange): boolean {
    const since = now().getTime() - (drawn.get(id)?.mentionsAt ?? Number.NEGATIVE_INFINITY)
    if ((since >= 0 && since < mentionsEveryMs) || !chat.hasRoom()) return false
    drawn.set(id, { seq, mentionsAt: now().getTime() })
    return true
  }

  /** A card that is still behind may show what another process drew. */
  async function wasDrawn({ change: { id }, seq }: StoredChange): Promise<void> {
    const { change, card } = await store.get(id)
    if (hasEnded(change) || card?.seq !== seq) drawn.delete(id)
    else drawn.set(id, { seq, mentionsAt: drawn.get(id)?.mentionsAt ?? null })
  }

  /** Until it can be posted where it should be, people decide on the old card, which has to show the outcome. */
  async function postElsewhere(stored: StoredChange, old: CardRef): Promise<void> {
    const { id } = stored.change
    try {
      await postInstead(stored, old)
    } catch (error) {
      if (drawn.get(id)?.seq !== stored.seq && (await chat.updateCard(old, stored)))
        drawn.set(id, { seq: stored.seq, mentionsAt: null })
      throw error
    }
  }

  function postInstead(stored: StoredChange, old: CardRef): Promise<void> {
    return postCard({ ...stored, card: null, cardInDoubt: false }, old)
  }

  /** One process at a time posts a card. */
  async function postCard(stored: StoredChange, instead: CardRef | null): Promise<void> {
    const { id } = stored.change
    let isInDoubt = false
    const claim = createClaim<CardRef>({
      take: async () => {
        isInDoubt = (await store.get(id)).cardInDoubt
        const until = new Date(now().getTime() + postingMs).toISOString()
        return store.cardIsBeingPosted(id, { until, instead })
      },
      // If the card may already be there, a no to the search for it or to the next post proves nothing.
      giveBack: (error) => (isInDoubt || !wasNotDone(error) ? store.cardIsInDoubt(id) : store.cardWasNotTaken(id)),
    })
    const leaving: Leaving<CardRef> = (post) =>
      claim.leaving(async () => {
        if (!isInDoubt) onItsWay.add(id)
        const found = isInDoubt ? await chat.findCard(stored) : null
        const seq = found ? 0 : stored.seq
        const stands = found ?? (await posts.once(id, `card ${instead?.ts ?? ''}`, post, isInDoubt))
        await store.cardStands(id, { ...stands, seq })
        posts.end(id, 'card')
        return stands
      })
    const card = await chat.postCard(stored, leaving).finally(() => onItsWay.delete(id))
    if (!card) return
    await wasDrawn(stored)
    await show(id)
  }

  /** For a change that the database does not have: the pressed card may be from before a backup was put back. */
  async function sayUnknown(id: number): Promise<void> {
    const seen = seenAt.get(id)
    if (seen) await chat.sayUnknown(seen, id)
    seenAt.delete(id)
  }

  /** Until the change has ended: it may move on in the very run that draws it. */
  async function redrawStray(id: number): Promise<void> {
    const seen = seenAt.get(id)
    if (!seen) return
    const stored = await store.get(id)
    if (!stored.card) return
    const isStray = seen.ts !== stored.card.ts
    if (isStray) await chat.updateCard(seen, stored)
    if (seenAt.get(id) === seen && (!isStray || hasEnded(stored.change))) seenAt.delete(id)
  }
}
