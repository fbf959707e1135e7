import type { WebClient } from '@slack/web-api'
import { Refusal } from '../../domain/refusal.ts'
import type { Installation } from '../calls/web-api.ts'

/**
 * The extra argument for a call about a workspace's own things: none for an app of one workspace. For an organisation's
 * install it is the workspace, which must be one that Slack names: user groups of another would let other people
 * decide. Throws a Refusal if it is not known. Sources: slack.md §1.2;
 * docs.slack.dev/reference/methods/auth.teams.list.
 */
export async function oneWorkspace(
  client: WebClient,
  { teamId, isEnterpriseInstall }: Pick<Installation, 'teamId' | 'isEnterpriseInstall'>,
): Promise<{ team_id?: string }> {
  if (!isEnterpriseInstall) return {}
  if (isWorkspace(teamId)) return { team_id: teamId }
  const { teams = [], response_metadata } = await client.auth.teams.list({ limit: 2 })
  const [only, ...others] = teams.map(({ id }) => id ?? '')
  if (only === undefined || !isWorkspace(only) || others.length > 0 || response_metadata?.next_cursor)
    throw new Refusal(
      'unavailable',
      'Countersign is installed for a whole organisation, and not for exactly one of its workspaces, so it is not clear whose ' +
        'user groups count, and nobody can decide through a user group. Nothing was done. Whoever runs Countersign can give the app ' +
        'one workspace, install it for a workspace instead of the organisation, or name people one by one in the policy.',
    )
  return { team_id: only }
}

/** Organisations have ids of their own, `E…`, and Slack sometimes gives one in place of a workspace's. */
function isWorkspace(id: string): boolean {
  return id.startsWith('T')
}
