import { madeUp } from './ids.ts'
import type { AppSpec, ChannelSpec, PersonSpec, UserGroupSpec } from './protocol.ts'

export const defaultPeople: readonly PersonSpec[] = [
  { id: 'U0ALICE', name: 'alice', realName: 'Alice Arden' },
  { id: 'U0BOB', name: 'bob', realName: 'Bob Brandt' },
  { id: 'U0CAROL', name: 'carol', realName: 'Carol Castro' },
  { id: 'U0MALLORY', name: 'mallory', realName: 'Mallory Moss' },
]

export const defaultChannels: readonly ChannelSpec[] = [
  { id: 'C0GENERAL', name: 'general', appIsMember: true },
  { id: 'C0APPROVALS', name: 'token-approvals', appIsMember: true },
]

/** The fewest scopes that an approval app needs (slack.md §4). */
export const leastScopes = [
  'commands',
  'chat:write',
  'im:write',
  'users:read',
  'usergroups:read',
  'channels:read',
  'groups:read',
]

export const defaultApp: AppSpec = {
  id: 'A0SANDBOX',
  name: 'Countersign',
  commands: [{ command: '/token', description: 'Ask for an edit to a management token', usageHint: 'edit [token]' }],
  shortcuts: [],
}

/** A channel, or the direct messages between the app and one person. */
export type Room = {
  readonly id: string
  readonly kind: 'channel' | 'dm'
  readonly name: string
  readonly isPrivate: boolean
  readonly isExtShared: boolean
  readonly isArchived: boolean
  readonly appIsMember: boolean
  readonly members: readonly string[]
}

export type Directory = {
  readonly people: Map<string, PersonSpec>
  /** Finds somebody by either of their ids. */
  person(id: string): PersonSpec | undefined
  readonly channels: Map<string, ChannelSpec>
  readonly userGroups: Map<string, UserGroupSpec>
  /** A conversation by its id. */
  room(id: string): Room | undefined
  /** The conversations that a person is in. */
  roomsOf(person: string): Room[]
  /** The direct messages between the app and a person, opened if necessary. */
  dmWith(person: string): Room
}

type Start = {
  readonly people: readonly PersonSpec[]
  readonly channels: readonly ChannelSpec[]
  readonly userGroups: readonly UserGroupSpec[]
}

function byId<T extends { readonly id: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]))
}

export function createDirectory(start: Start): Directory {
  const people = byId(start.people)
  const channels = byId(start.channels)
  const dms = new Map<string, string>()

  function room(id: string): Room | undefined {
    const channel = channels.get(id)
    if (channel) return channelRoom(channel)
    const dm = [...dms].find(([, dmId]) => dmId === id)
    return dm && dmRoom(dm[0], id)
  }

  function channelRoom(channel: ChannelSpec): Room {
    const { id, name, isPrivate = false, isExtShared = false, isArchived = false, appIsMember = false } = channel
    const members = channel.members ?? [...people.keys()]
    return { id, kind: 'channel', name, isPrivate, isExtShared, isArchived, appIsMember, members }
  }

  function person(id: string): PersonSpec | undefined {
    return people.get(id) ?? [...people.values()].find(({ globalId }) => globalId === id)
  }

  return {
    people,
    person,
    channels,
    userGroups: byId(start.userGroups),
    room,
    roomsOf(person) {
      const mine = [...channels.values()].map(channelRoom).filter(({ members }) => members.includes(person))
      const dm = dms.get(person)
      return dm ? [...mine, dmRoom(person, dm)] : mine
    },
    dmWith(person) {
      const id = dms.get(person) ?? madeUp('D')
      dms.set(person, id)
      return dmRoom(person, id)
    },
  }
}

function dmRoom(person: string, id: string): Room {
  const closed = { isPrivate: true, isExtShared: false, isArchived: false }
  return { id, kind: 'dm', name: 'directmessage', ...closed, appIsMember: true, members: [person] }
}
