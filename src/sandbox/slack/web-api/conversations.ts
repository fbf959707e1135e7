import type { StoredMessage } from '../messages.ts'
import type { Room } from '../people.ts'
import { type Json, messageJson, roomJson } from '../shapes.ts'
import type { Workspace } from '../workspace.ts'
import { type Answer, type Method, needs, no, yes } from './answer.ts'
import { type Args, count, isSet, text } from './args.ts'

export const conversationsInfo: Method = {
  token: 'bot',
  run: (workspace, args) => inRoom(workspace, args, 'read', (room) => yes({ channel: roomJson(room) })),
}

export const conversationsMembers: Method = {
  token: 'bot',
  run: (workspace, args) =>
    inRoom(workspace, args, 'read', (room) => {
      const { items, metadata } = page(room.members, args, 100)
      return yes({ members: items, response_metadata: metadata })
    }),
}

export const conversationsHistory: Method = {
  token: 'bot',
  run: (workspace, args) => inRoom(workspace, args, 'history', (room) => history(workspace, room, args)),
}

export const conversationsReplies: Method = {
  token: 'bot',
  run: (workspace, args) => inRoom(workspace, args, 'history', (room) => replies(workspace, room, args)),
}

/** Opens the direct messages with one person. Group messages are not emulated: asking for one is refused. */
export const conversationsOpen: Method = {
  token: 'bot',
  scope: 'im:write',
  run(workspace, args) {
    const users = (text(args, 'users') ?? '').split(',').filter((id) => id !== '')
    if (users.length === 0) return no('users_list_not_supplied')
    if (users.length > 1) return no('method_not_supported_for_channel_type')
    const person = workspace.directory.person(users[0]!)
    if (!person) return no('user_not_found')
    if (person.deleted) return no('user_disabled')
    if (person.isBot) return no('cannot_dm_bot')
    const { id } = workspace.directory.dmWith(person.id)
    return yes({ channel: isSet(args, 'return_im') ? roomJson(workspace.directory.room(id)!) : { id } })
  },
}

function inRoom(workspace: Workspace, args: Args, right: 'read' | 'history', act: (room: Room) => Answer): Answer {
  const room = workspace.directory.room(text(args, 'channel') ?? '')
  const kind = room?.kind === 'dm' ? 'im' : room?.isPrivate ? 'groups' : 'channels'
  const missing = needs(workspace, `${kind}:${right}`)
  if (missing) return missing
  if (!room || (room.isPrivate && !room.appIsMember)) return no('channel_not_found')
  if (right === 'history' && !room.appIsMember) return no('not_in_channel')
  return act(room)
}

/** Newest first, without replies and without ephemeral messages. */
function history(workspace: Workspace, room: Room, args: Args): Answer {
  const oldest = text(args, 'oldest') ?? '0'
  const latest = text(args, 'latest') ?? '9999999999.999999'
  const inclusive = isSet(args, 'inclusive')
  const wanted = workspace.messages
    .in(room.id)
    .filter(({ onlyFor, threadTs, ts }) => onlyFor === null && (threadTs === null || threadTs === ts))
    .filter(({ ts }) => between(ts, oldest, latest) || (inclusive && (ts === oldest || ts === latest)))
    .reverse()
  const { items, metadata } = page(wanted, args, 100)
  const messages = items.map((message) => messageJson(workspace, message, isSet(args, 'include_all_metadata')))
  return yes({ messages, has_more: metadata.next_cursor !== '', response_metadata: metadata })
}

/** The message that was replied to, then its replies, oldest first. */
function replies(workspace: Workspace, room: Room, args: Args): Answer {
  const root = workspace.messages.find(room.id, text(args, 'ts') ?? '')
  if (!root || root.onlyFor) return no('thread_not_found')
  const thread = workspace.messages
    .in(room.id)
    .filter(({ onlyFor, threadTs }) => onlyFor === null && threadTs === root.ts)
  const { items, metadata } = page([root, ...thread], args, 1000)
  const withMetadata = isSet(args, 'include_all_metadata')
  const messages = items.map((message) => ({
    ...messageJson(workspace, message, withMetadata),
    ...(message === root ? aboutThread(root, thread) : { parent_user_id: root.author }),
  }))
  return yes({ messages, has_more: metadata.next_cursor !== '', response_metadata: metadata })
}

function aboutThread({ ts }: StoredMessage, replies: readonly StoredMessage[]): Json {
  if (replies.length === 0) return {}
  const reply_users = [...new Set(replies.map(({ author }) => author))]
  const counted = { reply_count: replies.length, reply_users_count: reply_users.length, reply_users }
  return { thread_ts: ts, ...counted, latest_reply: replies.at(-1)!.ts, is_locked: false, subscribed: false }
}

function between(ts: string, oldest: string, latest: string): boolean {
  return Number(ts) > Number(oldest) && Number(ts) < Number(latest)
}

function page<T>(
  items: readonly T[],
  args: Args,
  otherwise: number,
): { items: T[]; metadata: { next_cursor: string } } {
  const start = Number(Buffer.from(text(args, 'cursor') ?? '', 'base64').toString() || 0)
  const end = start + count(args, 'limit', otherwise)
  const next_cursor = end < items.length ? Buffer.from(String(end)).toString('base64') : ''
  return { items: items.slice(start, end), metadata: { next_cursor } }
}
