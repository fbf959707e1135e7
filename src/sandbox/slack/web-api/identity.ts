import { identity, type Workspace } from '../workspace.ts'
import { type Method, no, yes } from './answer.ts'

/** `ticket` makes the address of one new Socket Mode connection. */
export function identityMethods(ticket: () => string): Record<string, Method> {
  return { 'auth.test': authTest, 'team.info': teamInfo, 'apps.connections.open': openConnection(ticket) }
}

const authTest: Method = {
  token: 'bot',
  run: (workspace) =>
    yes({
      url: `${workspace.url}/`,
      team: identity.teamName,
      user: workspace.app.name.toLowerCase(),
      team_id: identity.teamId,
      user_id: identity.botUserId,
      bot_id: identity.botId,
      ...(workspace.enterpriseId !== null && { enterprise_id: workspace.enterpriseId }),
      is_enterprise_install: false,
    }),
}

const teamInfo: Method = {
  token: 'bot',
  scope: 'team:read',
  run(workspace, args) {
    if (args.team !== undefined && args.team !== identity.teamId) return no('team_not_found')
    const { teamId: id, teamName: name, domain } = identity
    return yes({
      team: { id, name, domain, url: `${workspace.url}/`, email_domain: '', icon: { image_default: true } },
    })
  },
}

function openConnection(ticket: () => string): Method {
  return { token: 'app', run: (_: Workspace) => yes({ url: ticket() }) }
}
