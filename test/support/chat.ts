import type { Anchor } from '../../src/ports/anchors.ts'
import type { CardRef } from '../../src/ports/cards.ts'
import type { StoredChange } from '../../src/ports/changes.ts'
import type { Chat, Leaving } from '../../src/ports/chat.ts'
import type { Edited } from '../../src/ports/telling.ts'

type Card = CardRef & { shows: StoredChange }

export type RecordingChat = {
  readonly api: Chat
  readonly cards: Card[]
  /** `#42 applied`, in the order in which the requester was told. */
  readonly told: string[]
  /** The people told that somebody edited or took over their change, and what they were told. */
  readonly toldEdited: (Edited & { readonly person: string })[]
  /** `#42 U0BOB: guests may not`, in the order in which people were told that their approval no longer counts. */
  readonly toldVoid: string[]
  /**
   * `#42 after 1`, in the order in which the approvers were reminded: the change, and how many reminders it has had.
   */
  readonly reminded: string[]
  /** The checkpoints in the threads of cards. */
  readonly anchors: Anchor[]
  /** The people each reminder mentioned. */
  readonly called: (readonly string[])[]
  /** The channel for cards. */
  channel: string
  /** The notes on cards that have moved: `1.0 says C2 2.0`. */
  readonly pointing: string[]
  /** Channels in which no card can be edited, and why. */
  readonly closed: Map<string, Error>
  down: boolean
  /** True if the app may search for a card that it posted. */
  mayLook: boolean
  /** The next post arrives, but its answer does not. */
  losesNextAnswer: boolean
  /** While true, posts arrive, but their answers do not. */
  losesAnswers: boolean
}

/** A chat that nobody sees: it keeps everything it was asked to show, and can be down, deaf or forgetful. */
export function createRecordingChat(): RecordingChat {
  const cards: Card[] = []
  const chat: RecordingChat = {
    cards,
    told: [],
    toldEdited: [],
    toldVoid: [],
    reminded: [],
    anchors: [],
    called: [],
    channel: 'C1',
    pointing: [],
    closed: new Map(),
    down: false,
    mayLook: true,
    losesNextAnswer: false,
    losesAnswers: false,
    api: {
      postCard: (stored, leaving) =>
        leaving(async () => {
          answer()
          const card = { channel: chat.channel, ts: `${cards.length + 1}.0`, shows: stored }
          cards.push(card)
          arrived()
          return { channel: card.channel, ts: card.ts }
        }),
      findCard: async ({ change }) => {
        answer()
        const isThere = ({ channel, shows }: Card) => channel === chat.channel && shows.change.id === change.id
        const found = chat.mayLook ? cards.findLast(isThere) : undefined
        return found ? { channel: found.channel, ts: found.ts } : null
      },
      updateCard: async ({ ts }, stored, _, leaves) => {
        leaves?.()
        answer()
        const card = cards.find((posted) => posted.ts === ts)
        if (card) card.shows = stored
        return card !== undefined
      },
      sayUnknown: async ({ ts }, id) => {
        answer()
        chat.pointing.push(`${ts} says that there is no #${id}`)
        return true
      },
      pointOn: async (old, { card }) => {
        answer()
        if (chat.closed.has(old.channel)) throw chat.closed.get(old.channel)
        chat.pointing.push(`${old.ts} says ${card?.channel} ${card?.ts}`)
        return cards.some(({ ts }) => ts === old.ts)
      },
      reached: async () => answer(),
      hasRoom: () => true,
      tellRequester: ({ change }, leaving) => said(leaving, () => chat.told.push(`#${change.id} ${change.status}`)),
      tellEdited: (person, edited, _, leaving) => said(leaving, () => chat.toldEdited.push({ person, ...edited })),
      remind: async ({ change }, { ids }) => {
        answer()
        chat.reminded.push(`#${change.id} after ${change.reminders}`)
        chat.called.push(ids)
      },
      postAnchor: async ({ ts }, anchor) => {
        answer()
        const stands = cards.some((posted) => posted.ts === ts)
        if (stands) chat.anchors.push(anchor)
        arrived()
        return stands
      },
      tellApprovalVoid: ({ person, why }, { change }, leaving) =>
        said(leaving, () => chat.toldVoid.push(`#${change.id} ${person}: ${why ?? `revision ${change.revision}`}`)),
    },
  }
  return chat

  async function said(leaving: Leaving<unknown>, say: () => void): Promise<void> {
    await leaving(async () => {
      answer()
      say()
      if (chat.losesAnswers) arrived()
    })
  }

  function arrived(): void {
    if (!chat.losesNextAnswer && !chat.losesAnswers) return
    chat.losesNextAnswer = false
    throw new Error('the answer to the post was lost')
  }

  function answer(): void {
    if (chat.down) throw new Error('Slack is down')
  }
}

/** Holds back the next of these messages until it is released, like a `Retry-After`. */
export function heldUp(api: Chat, what: 'postCard' | 'tellRequester' | 'tellApprovalVoid') {
  const waits = Promise.withResolvers<void>()
  const mayLeave = Promise.withResolvers<void>()
  const usual = { [what]: api[what] }
  const held = async (...given: unknown[]) => {
    Object.assign(api, usual)
    waits.resolve()
    await mayLeave.promise
    return (usual[what] as (...given: unknown[]) => unknown)(...given)
  }
  Object.assign(api, { [what]: held })
  return { waits: waits.promise, letGo: mayLeave.resolve }
}

/** Sends the next of these calls, and keeps its answer on the way until it is released. */
export function onItsWay(api: Chat, what: 'postCard' | 'tellRequester') {
  const waits = Promise.withResolvers<void>()
  const mayCome = Promise.withResolvers<void>()
  const usual = api[what] as (stored: StoredChange, leaving: Leaving<unknown>) => Promise<unknown>
  const slow = (stored: StoredChange, leaving: Leaving<unknown>) => {
    Object.assign(api, { [what]: usual })
    return usual(stored, (post) =>
      leaving(async () => {
        waits.resolve()
        await mayCome.promise
        return post()
      }),
    )
  }
  Object.assign(api, { [what]: slow })
  return { waits: waits.promise, letGo: mayCome.resolve }
}
