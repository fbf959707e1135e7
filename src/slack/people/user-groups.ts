import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { fromOutside } from '../../domain/from-outside.ts'
import { shaped } from '../calls/answers.ts'
import { slackErrorName } from '../calls/errors.ts'
import type { Installation } from '../calls/web-api.ts'
import { oneWorkspace } from './one-workspace.ts'
import { type Clocks, createRecent } from './recent.ts'

type Deps = Clocks & {
  client: WebClient
  installation: Pick<Installation, 'teamId' | 'isEnterpriseInstall'>
}

/** A user group as Slack lists it; people mention it by its `handle`, written without the @. */
export type UserGroup = { readonly id: string; readonly handle: string; readonly disabled: boolean }

export type UserGroups = ReturnType<typeof createUserGroups>

const everyGroup = 'every group'

/** The workspace's user groups and their members, as of at most a minute ago. Throws if Slack can't be asked. */
export function createUserGroups({ client, installation, ...clocks }: Deps) {
  const workspaces = createRecent({ lookUp: () => oneWorkspace(client, installation), ...clocks })
  const list = createRecent({ lookUp: listed, ...clocks })
  const membersOf = createRecent({ lookUp: listedMembers, ...clocks })
  return { group, members, forgetGroup, forgetAllGroups }

  /** Null if there is no such group. */
  async function group(id: string): Promise<UserGroup | null> {
    return (await list.get(everyGroup)).find((one) => one.id === id) ?? null
  }

  /** Empty if the group is disabled, empty or not there. Source: slack.md §5, point 5. */
  async function members(id: string): Promise<readonly string[]> {
    const [known, people] = await Promise.all([group(id), membersOf.get(id)])
    return known && !known.disabled ? people : []
  }

  function forgetGroup(id: string): void {
    list.forget(everyGroup)
    membersOf.forget(id)
  }

  function forgetAllGroups(): void {
    list.forgetAll()
    membersOf.forgetAll()
  }

  function workspace(): Promise<{ team_id?: string }> {
    return workspaces.get('ours')
  }

  async function listed(): Promise<readonly UserGroup[]> {
    const { usergroups } = await client.usergroups.list({ include_disabled: true, ...(await workspace()) })
    return shaped('usergroups.list', groups, usergroups).map(({ id, handle, date_delete }) => ({
      id,
      handle: fromOutside(handle),
      disabled: date_delete !== 0,
    }))
  }

  /** Slack's answer for a disabled group is not documented, so its own "no" for a group counts as nobody. */
  async function listedMembers(usergroup: string): Promise<readonly string[]> {
    try {
      const { users } = await client.usergroups.users.list({ usergroup, ...(await workspace()) })
      return shaped('usergroups.users.list', z.array(z.string()), users)
    } catch (error) {
      if (nobody.includes(slackErrorName(error) ?? '')) return []
      throw error
    }
  }
}

const groups = z.array(z.looseObject({ id: z.string(), handle: z.string(), date_delete: z.number() }))

const nobody = ['no_such_subteam', 'subteam_not_found', 'no_users_provided']
