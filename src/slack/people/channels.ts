import type { App } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { Refusal } from '../../domain/refusal.ts'
import type { StoredChange } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'
import type { Electorates } from '../../workflow/changes/electorates.ts'
import { refuseSince } from '../../workflow/changes/outages.ts'
import { shaped } from '../calls/answers.ts'
import { slackErrorName } from '../calls/errors.ts'
import { type Clocks, createRecent } from './recent.ts'

type Deps = Clocks & { client: WebClient }

export type Channels = ReturnType<typeof createChannels>

/** Channels that cards are posted in, as Slack described them at most a minute ago. Throws if Slack can't be asked. */
export function createChannels({ client, ...clocks }: Deps) {
  const channels = createRecent({ lookUp, ...clocks })
  return { problem, isThere, isShared, requireUsable, forget: channels.forget, forgetAll: channels.forgetAll }

  /**
   * The reason cards can't be posted in this channel, as the rest of a sentence about it, with what to do; null if they
   * can.
   */
  async function problem(id: string): Promise<string | null> {
    const channel = await channels.get(id)
    if (!channel) return 'is not there, or is private and the app is not in it: check the id, and /invite @Countersign'
    if (sharedOutside(channel))
      return 'is shared with another organisation, or about to be: choose a channel that only your own people can be in'
    if (channel.is_archived) return 'is archived: unarchive it, or choose another'
    return channel.is_member ? null : 'does not have the app as a member: /invite @Countersign there'
  }

  /** Tells a channel that Slack knows from an id that never was one, and from a private channel without the app. */
  async function isThere(id: string): Promise<boolean> {
    return (await channels.get(id)) !== null
  }

  /** True if people of another organisation can read along, or are invited to. */
  async function isShared(id: string): Promise<boolean> {
    const channel = await channels.get(id)
    return channel !== null && sharedOutside(channel)
  }

  /** Throws a Refusal while no card can go there, or outsiders could read it: then nobody could be asked. */
  async function requireUsable(id: string): Promise<void> {
    const why = await problem(id).catch(refuseSince(`The approvals channel ${id} could not be looked up in Slack`))
    if (why !== null)
      throw new Refusal(
        'unavailable',
        `No change can be asked for now, and nothing was sent. Tell whoever runs Countersign: the approvals channel ${id} ${why}.`,
      )
  }

  async function lookUp(id: string): Promise<Channel | null> {
    try {
      return shaped('conversations.info', channel, (await client.conversations.info({ channel: id })).channel)
    } catch (error) {
      if (slackErrorName(error) === 'channel_not_found') return null
      throw error
    }
  }
}

/** A channel of several workspaces of one organisation is not shared with outsiders. Source: slack.md §5, point 3. */
const channel = z.looseObject({
  is_ext_shared: z.boolean().default(false),
  is_pending_ext_shared: z.boolean().default(false),
  is_archived: z.boolean().default(false),
  is_member: z.boolean().default(false),
})
type Channel = z.infer<typeof channel>

function sharedOutside({ is_ext_shared, is_pending_ext_shared }: Channel): boolean {
  return is_ext_shared || is_pending_ext_shared
}

type Watched = {
  bolt: App
  channels: Pick<Channels, 'forget'>
  /** Called with a channel that is shared from now on. */
  onShared?: (channel: string) => void
  /** The channels that cards are posted in. */
  approvals: ReadonlySet<string>
  log: { error: (fields: object, text: string) => void }
}

/** Once an approvals channel is shared, nothing more is posted there. */
export function watchSharing({ bolt, channels, onShared = () => {}, approvals, log }: Watched): void {
  bolt.event('channel_shared', async ({ event }) => {
    channels.forget(event.channel)
    onShared(event.channel)
    if (approvals.has(event.channel))
      log.error(
        { channel: event.channel },
        'An approvals channel is now shared with another organisation. Nothing is posted there and no change can be ' +
          'asked for until the sharing ends, or another channel is configured.',
      )
  })
}

type Guarded = {
  chat: Chat
  channels: Pick<Channels, 'isShared' | 'forget'>
  channelFor: (stack: string) => string
  /** Called when Slack has said that no card can go to a channel. */
  onNo: () => void
}

/** Slack's words for a channel that no card can go to, whatever was known of it a moment before. */
const noesOfChannel = new Map([
  ['is_archived', 'the approvals channel is archived'],
  ['not_in_channel', 'Countersign is not in the approvals channel'],
  ['channel_not_found', 'Countersign is not in the approvals channel, or the channel is gone'],
])

/** The same chat, except that it throws instead of posting where outsiders could read it; that is tried again later. */
export function closedToOthers({ chat, channels, channelFor, onNo }: Guarded): Chat {
  return {
    ...chat,
    postCard: async (stored, leaving) => {
      await requireOwn(channelOf(stored))
      return chat.postCard(stored, leaving).catch(noting(channelOf(stored)))
    },
    updateCard: async (card, stored, ...how) => {
      await requireOwn(card.channel)
      return chat.updateCard(card, stored, ...how)
    },
    pointOn: async (old, stored) => {
      await requireOwn(old.channel)
      return chat.pointOn(old, stored)
    },
    sayUnknown: async (card, id) => {
      await requireOwn(card.channel)
      return chat.sayUnknown(card, id)
    },
    remind: async (stored, called) => {
      await requireOwn(stored.card?.channel ?? channelOf(stored))
      return chat.remind(stored, called)
    },
    postAnchor: async (card, anchor) => {
      await requireOwn(card.channel)
      return chat.postAnchor(card, anchor)
    },
  }

  function channelOf({ change }: StoredChange): string {
    return channelFor(change.stack)
  }

  /** Otherwise people could go on asking for a minute, though nobody can be asked. */
  function noting(channel: string): (error: unknown) => never {
    return (error) => {
      const plainWords = noesOfChannel.get(slackErrorName(error) ?? '')
      if (plainWords === undefined) throw error
      channels.forget(channel)
      onNo()
      throw Object.assign(error as Error, { plainWords })
    }
  }

  async function requireOwn(channel: string): Promise<void> {
    if (await channels.isShared(channel))
      throw new SharedOutside(`The channel ${channel} is shared with another organisation, so nothing is posted there.`)
  }
}

class SharedOutside extends Error {
  readonly plainWords = 'the approvals channel is shared with another organisation'
  readonly endedBy = 'operator'
}

type Asking = {
  electorates: Electorates
  channels: Pick<Channels, 'requireUsable'>
  channelFor: (stack: string) => string
}

/**
 * The same electorates, except that nobody may ask for anything while no card can be posted, or outsiders could read
 * it.
 */
export function askedAmongOurselves({ electorates, channels, channelFor }: Asking): Electorates {
  return {
    ...electorates,
    requirementFor: async (edit, undone) => {
      const [requirement] = await Promise.all([
        electorates.requirementFor(edit, undone),
        channels.requireUsable(channelFor(edit.stack)),
      ])
      return requirement
    },
  }
}
