import type { ChatPostMessageArguments, ChatPostMessageResponse, WebClient } from '@slack/web-api'
import { type Change, hasEnded } from '../../domain/change/change.ts'
import { namesakesOf } from '../../domain/change/namesakes.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { AnchorAfterChange } from '../../ports/anchors.ts'
import type { CardRef, CardStore } from '../../ports/cards.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Called, Chat, Leaving } from '../../ports/chat.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Which } from '../../words/which-token.ts'
import { slackErrorName } from '../calls/errors.ts'
import { permalink } from '../calls/permalink.ts'
import { limitOf } from '../calls/rests.ts'
import type { Sender, Worth } from '../calls/sender.ts'
import type { Message } from '../kit/blocks.ts'
import { changeCard } from './card.ts'
import { checkpointMessage } from './checkpoints.ts'
import { editedMessage } from './edited.ts'
import { cardMetadata, findPosted } from './find-card.ts'
import { movedMessage, unknownMessage } from './moved.ts'
import { otherChanges, othersFallBehind } from './other-changes.ts'
import { outcomeMessage } from './outcome.ts'
import { reminderMessage } from './reminder.ts'
import { approvalLostMessage, revisedMessage } from './void-approval.ts'

type Deps = {
  client: WebClient
  sender: Sender
  store: ChangeReads & CardStore & LookReads
  /** Whose messages are the app's own: its bot, as Slack names it. */
  botId: string
  /** For example `https://example.slack.com/`. */
  teamUrl: string
  channelFor: (stack: string) => string
  titleFor: (stack: string) => Promise<string>
}

type Leave = () => Promise<ChatPostMessageResponse>
type Posted = Message & Pick<ChatPostMessageArguments, 'channel' | 'thread_ts' | 'metadata'>

const edits = limitOf('chat.update')

/** Never parsed for mentions or links, and no previews: people's text stays text. */
const asText = { parse: 'none', link_names: false } as const
const posting = { ...asText, unfurl_links: false, unfurl_media: false } as const

/** The Chat port over Slack's web API. */
export function createChat({ client, sender, store, botId, teamUrl, channelFor, titleFor }: Deps): Chat {
  return {
    postCard,
    findCard,
    updateCard,
    pointOn,
    sayUnknown,
    reached,
    hasRoom,
    tellRequester,
    tellEdited,
    remind,
    tellApprovalVoid,
    postAnchor,
  }

  async function postCard(stored: StoredChange, leaving: Leaving<CardRef>): Promise<CardRef | null> {
    const message = {
      channel: channelFor(stored.change.stack),
      ...(await draw(stored)),
      metadata: cardMetadata(stored.change.id),
    }
    const card = await sent('decision', message, (leave) => leaving(async () => placeOf(await leave())))
    if (card) await othersFallBehind(store, stored)
    return card
  }

  async function updateCard(...[card, stored, what = 'moved', leaves]: Parameters<Chat['updateCard']>) {
    const { channel, ts } = card
    const message = { channel, ts, ...(await draw(stored)), ...asText }
    const update = () => {
      const sent = client.chat.update(message)
      leaves?.()
      return sent
    }
    return unlessGone(async () => {
      if (what === 'mentions') await update()
      else await sender.send(edits, 'decision', async () => ((await isOvertaken(stored)) ? null : update()))
      if (hasEnded(stored.change)) await othersFallBehind(store, stored)
    })
  }

  async function pointOn({ channel, ts }: CardRef, stored: StoredChange): Promise<boolean> {
    const message = { channel, ts, ...movedMessage(stored, await shown(stored)), ...asText }
    return unlessGone(() => sender.send(edits, 'word', () => client.chat.update(message)))
  }

  async function sayUnknown({ channel, ts }: CardRef, id: number): Promise<boolean> {
    return unlessGone(() =>
      sender.send(edits, 'word', () => client.chat.update({ channel, ts, ...unknownMessage(id), ...asText })),
    )
  }

  /** The change has moved on while this waited to be sent: a newer card comes next. */
  async function isOvertaken({ change, seq }: StoredChange): Promise<boolean> {
    return (await store.get(change.id)).seq !== seq
  }

  async function reached(): Promise<void> {
    await client.auth.test()
  }

  function hasRoom(): boolean {
    return sender.hasRoom(edits)
  }

  async function findCard(stored: StoredChange): Promise<CardRef | null> {
    const { id, stack, proposedAt } = stored.change
    const card = await findPosted({ client, botId }, { id, channel: channelFor(stack), proposedAt })
    if (card) await othersFallBehind(store, stored)
    return card
  }

  async function tellRequester(stored: StoredChange, leaving: Leaving<unknown>): Promise<void> {
    await tell(stored.change.requester, outcomeMessage(stored, await shown(stored)), leaving)
  }

  async function tellEdited(...[person, edited, stored, leaving]: Parameters<Chat['tellEdited']>): Promise<void> {
    await tell(person, editedMessage(stored, edited, person, await shown(stored)), leaving)
  }

  async function tellApprovalVoid(
    ...[{ person, approvedAt, why }, stored, leaving]: Parameters<Chat['tellApprovalVoid']>
  ) {
    const around = await shown(stored)
    const message = why === null ? revisedMessage(stored, around, approvedAt) : approvalLostMessage(stored, around, why)
    await tell(person, message, leaving)
  }

  /** If a card was never posted, there is nobody to remind: catching up posts it, and that tells them. */
  async function remind(stored: StoredChange, called: Called): Promise<void> {
    const { card, change } = stored
    if (!card) return
    const message = reminderMessage(stored, { ...(await which(change)), called })
    await sent('word', { channel: card.channel, thread_ts: card.ts, ...message }, (leave) => leave())
  }

  async function postAnchor({ channel, ts }: CardRef, anchor: AnchorAfterChange): Promise<boolean> {
    try {
      await sent('record', { channel, thread_ts: ts, ...checkpointMessage(anchor) }, (leave) => leave())
      return true
    } catch (error) {
      if (slackErrorName(error) === 'thread_not_found') return false
      throw error
    }
  }

  async function tell(person: string, message: Message, leaving: Leaving<unknown>): Promise<void> {
    await sent('word', { channel: person, ...message }, (leave) => leaving(() => leave().catch(passOverUnreachable)))
  }

  function sent<T>(worth: Worth, message: Posted, leaving: (leave: Leave) => Promise<T>): Promise<T> {
    const leave = () => client.chat.postMessage({ ...message, ...posting })
    return sender.send(limitOf('chat.postMessage', message.channel), worth, () => leaving(leave))
  }

  async function shown({ change, card }: StoredChange) {
    const others = await otherChanges({ store, teamUrl }, change)
    return { ...(await which(change)), cardLink: card && permalink(teamUrl, card), others }
  }

  async function draw(stored: StoredChange) {
    const { change } = stored
    const others = await otherChanges({ store, teamUrl }, change)
    const namesakes = namesakesOf(change, await store.knownTokens())
    return changeCard(stored, { ...(await which(change)), others, namesakes })
  }

  async function which(change: Change): Promise<Which> {
    return { stackTitle: await titleFor(change.stack), uidEnd: uidEndOf(change, await store.knownTokens()) }
  }
}

/** Answers after which a message can never be edited again. Source: slack.md §2. */
const notEditable = [
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'is_inactive',
  'channel_not_found',
]

/**
 * Answers after which this app can't tell a person anything; somebody who has left is a channel that is not found. An
 * inactive account is the app's own. Source: docs.slack.dev/reference/methods/chat.postMessage.
 */
const unreachable = ['channel_not_found', 'user_not_found', 'user_disabled', 'cannot_dm_bot', 'messages_tab_disabled']

/** Resolves to false if the message can never be edited again. */
async function unlessGone(edit: () => Promise<unknown>): Promise<boolean> {
  try {
    await edit()
    return true
  } catch (error) {
    if (notEditable.includes(slackErrorName(error) ?? '')) return false
    throw error
  }
}

function passOverUnreachable(error: unknown): void {
  if (!unreachable.includes(slackErrorName(error) ?? '')) throw error
}

function placeOf({ channel, ts }: ChatPostMessageResponse): CardRef {
  if (!channel || !ts) throw new Error('Slack took a card, but did not say where it is.')
  return { channel, ts }
}
