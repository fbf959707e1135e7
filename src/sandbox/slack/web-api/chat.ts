import { LIMITS } from '../limits.ts'
import type { StoredMessage } from '../messages.ts'
import type { Room } from '../people.ts'
import { messageJson } from '../shapes.ts'
import { identity, type Workspace } from '../workspace.ts'
import { type Answer, type Method, no, yes } from './answer.ts'
import { type Args, text } from './args.ts'
import { readContent } from './content.ts'

const scope = 'chat:write'

/** For a person's id it opens the direct messages, and answers with their D… id. */
export const postMessage: Method = {
  token: 'bot',
  scope,
  run(workspace, args) {
    const room = roomToPostIn(workspace, text(args, 'channel') ?? '')
    const refusal = refusalToPost(workspace, room)
    if (!room || refusal) return refusal ?? no('channel_not_found')
    const content = readContent(args)
    if ('refused' in content) return content.refused
    const threadTs = text(args, 'thread_ts')
    if (threadTs && !workspace.messages.find(room.id, threadTs)) return no('thread_not_found')
    const message = workspace.messages.post({ ...content, channel: room.id, author: identity.botUserId, threadTs })
    return yes({ channel: room.id, ts: message.ts, message: messageJson(workspace, message) })
  },
}

export const postEphemeral: Method = {
  token: 'bot',
  scope,
  run(workspace, args) {
    const room = workspace.directory.room(text(args, 'channel') ?? '')
    const refusal = refusalToPost(workspace, room)
    if (!room || refusal) return refusal ?? no('channel_not_found')
    const onlyFor = text(args, 'user') ?? ''
    if (!room.members.includes(onlyFor)) return no('user_not_in_channel')
    const content = readContent(args)
    if ('refused' in content) return content.refused
    const message = workspace.messages.post({ ...content, channel: room.id, author: identity.botUserId, onlyFor })
    return yes({ message_ts: message.ts })
  },
}

/** `text` without `blocks` drops the blocks; `metadata` stays unless given (slack.md §2). */
export const update: Method = {
  token: 'bot',
  scope,
  run: (workspace, args) =>
    onOwnMessage(workspace, args, 'cant_update_message', (message, room) => {
      if (room.isArchived) return no('is_archived')
      if ((text(args, 'text') ?? '').length > LIMITS.updateText) return no('msg_too_long')
      const content = readContent(args)
      if ('refused' in content) return content.refused
      workspace.messages.edit(message, content)
      if (content.metadata !== undefined) message.metadata = content.metadata
      return yes({ channel: room.id, ts: message.ts, text: message.text, message: messageJson(workspace, message) })
    }),
}

export const remove: Method = {
  token: 'bot',
  scope,
  run: (workspace, args) =>
    onOwnMessage(workspace, args, 'cant_delete_message', (message, room) => {
      workspace.messages.remove(message)
      return yes({ channel: room.id, ts: message.ts })
    }),
}

export const getPermalink: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = text(args, 'channel') ?? ''
    if (!workspace.directory.room(channel)) return no('channel_not_found')
    const message = workspace.messages.find(channel, text(args, 'message_ts') ?? '')
    if (!message || message.onlyFor) return no('message_not_found')
    return yes({ channel, permalink: `${workspace.url}/archives/${channel}/p${message.ts.replace('.', '')}` })
  },
}

/** An id, or a channel's name, which Slack still takes for posting. */
function roomToPostIn(workspace: Workspace, channel: string): Room | undefined {
  const { person: personCalled, channels, room, dmWith } = workspace.directory
  const person = personCalled(channel)
  if (person && !person.deleted && !person.isBot) return dmWith(person.id)
  const byName = [...channels.values()].find(({ name }) => name === channel.replace(/^#/, ''))
  return room(byName?.id ?? channel)
}

function refusalToPost(workspace: Workspace, room: Room | undefined): Answer | null {
  if (!room || (room.isPrivate && !room.appIsMember)) return no('channel_not_found')
  if (room.isArchived) return no('is_archived')
  if (!room.appIsMember && !workspace.scopes.has('chat:write.public')) return no('not_in_channel')
  return null
}

/** A person's id is not a conversation here: direct messages need their D… id. An ephemeral message is not found. */
function onOwnMessage(
  workspace: Workspace,
  args: Args,
  notOwn: string,
  act: (message: StoredMessage, room: Room) => Answer,
): Answer {
  const room = workspace.directory.room(text(args, 'channel') ?? '')
  if (!room || (room.isPrivate && !room.appIsMember)) return no('channel_not_found')
  const message = workspace.messages.find(room.id, text(args, 'ts') ?? '')
  if (!message || message.onlyFor) return no('message_not_found')
  if (message.author !== identity.botUserId) return no(notOwn)
  return act(message, room)
}
