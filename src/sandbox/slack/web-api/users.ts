import { type Json, userGroupJson, userJson } from '../shapes.ts'
import { identity, type Workspace } from '../workspace.ts'
import { type Method, no, yes } from './answer.ts'
import { isSet, text } from './args.ts'

export const usersInfo: Method = {
  token: 'bot',
  scope: 'users:read',
  run(workspace, args) {
    const id = text(args, 'user') ?? ''
    const person = workspace.directory.person(id)
    if (person) return yes({ user: { ...userJson(person, workspace.enterpriseId), id } })
    const own = ownUsers(workspace).find((user) => user.id === id)
    return own ? yes({ user: own }) : no('user_not_found')
  },
}

/** Slackbot's own record says that it is not a bot. */
function ownUsers(workspace: Workspace): Json[] {
  const app = {
    id: identity.botUserId,
    name: workspace.app.name.toLowerCase(),
    realName: workspace.app.name,
    isBot: true,
  }
  const slackbot = { id: 'USLACKBOT', name: 'slackbot', realName: 'Slackbot' }
  return [
    {
      ...userJson(app, null),
      profile: { real_name: app.realName, api_app_id: workspace.app.id, bot_id: identity.botId },
    },
    userJson(slackbot, null),
  ]
}

export const userGroupsList: Method = {
  token: 'bot',
  scope: 'usergroups:read',
  run(workspace, args) {
    const withDisabled = isSet(args, 'include_disabled')
    const groups = [...workspace.directory.userGroups.values()].filter((group) => withDisabled || !group.isDisabled)
    return yes({ usergroups: groups.map((group) => userGroupJson(group, isSet(args, 'include_users'))) })
  },
}

/** A disabled group answers like a missing one: Slack's answer is not documented. */
export const userGroupUsers: Method = {
  token: 'bot',
  scope: 'usergroups:read',
  run(workspace, args) {
    const group = workspace.directory.userGroups.get(text(args, 'usergroup') ?? '')
    if (!group || (group.isDisabled && !isSet(args, 'include_disabled'))) return no('no_such_subteam')
    return yes({ users: group.users })
  },
}
