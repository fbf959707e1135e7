import type { Admin, Delivery } from './protocol.ts'
import { roomJson, userGroupJson, userJson } from './shapes.ts'
import type { Workspace } from './workspace.ts'

type Event = Readonly<Record<string, unknown>> & { readonly type: string }
type SendEvent = (event: Event) => Promise<Delivery | null>

/** Changes people, channels and user groups as administrators do; sends the events that Slack sends (slack.md §4). */
export function createAdmin(workspace: Workspace, sendEvent: SendEvent): Admin {
  const { people, channels, userGroups } = workspace.directory

  function change<T extends { readonly id: string }>(
    things: Map<string, T>,
    id: string,
    changes: Partial<Omit<T, 'id'>>,
  ): T {
    const before = things.get(id)
    if (!before) throw new Error(`There is no ${id}. There are: ${[...things.keys()].join(', ')}.`)
    things.set(id, { ...before, ...changes })
    workspace.changed()
    return before
  }

  return {
    async changePerson(id, changes) {
      change(people, id, changes)
      return sendEvent({ type: 'user_change', user: userJson(people.get(id)!, workspace.enterpriseId) })
    },
    async changeChannel(id, changes) {
      const before = change(channels, id, changes)
      const room = workspace.directory.room(id)!
      if (changes.isArchived && !before.isArchived) {
        return sendEvent({ type: room.isPrivate ? 'group_archive' : 'channel_archive', channel: id })
      }
      if (changes.isExtShared && !before.isExtShared) return sendEvent({ type: 'channel_shared', channel: id })
      if (changes.name) return sendEvent({ type: 'channel_rename', channel: roomJson(room) })
      return null
    },
    async changeUserGroup(id, changes) {
      const before = change(userGroups, id, changes)
      const after = userGroups.get(id)!
      if (!changes.users) return sendEvent({ type: 'subteam_updated', subteam: userGroupJson(after, true) })
      const added_users = after.users.filter((user) => !before.users.includes(user))
      const removed_users = before.users.filter((user) => !after.users.includes(user))
      return sendEvent({ type: 'subteam_members_changed', subteam_id: id, added_users, removed_users })
    },
  }
}
