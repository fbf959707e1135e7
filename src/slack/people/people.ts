import type { App } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { People } from '../../ports/people.ts'
import { shaped } from '../calls/answers.ts'
import { slackErrorName } from '../calls/errors.ts'
import type { Installation } from '../calls/web-api.ts'
import { type Clocks, createRecent } from './recent.ts'
import { createUserGroups, type UserGroups } from './user-groups.ts'

type Deps = Clocks & {
  client: WebClient
  installation: Pick<Installation, 'teamId' | 'enterpriseId' | 'isEnterpriseInstall'>
}

/** The People port over Slack, and more about the people it names. */
export type SlackPeople = People &
  Pick<UserGroups, 'group' | 'forgetGroup'> & {
    /** The name that people use for somebody; the id if Slack does not know the person. */
    nameOf(person: string): Promise<string>
    /**
     * True for everybody who is or was a person here, by Slack's record; false for bots and for ids it does not know.
     */
    isSomebody(person: string): Promise<boolean>
    /** The id of the app that an app's own bot user belongs to, as Slack says. */
    appOf(botUser: string): Promise<string | null>
    forgetPerson(person: string): void
    /** From now on, nothing that Slack said before about anybody, or any group, is relied on. */
    forgetAll(): void
  }

/**
 * Facts about people, as Slack said at most a minute ago. A failure is never kept, and nobody is taken for somebody
 * else.
 */
export function createPeople({ client, installation, ...clocks }: Deps): SlackPeople {
  const { group, members, forgetGroup, forgetAllGroups } = createUserGroups({ client, installation, ...clocks })
  const users = createRecent({ lookUp, ...clocks })
  /** The organisation's id for each id that was looked up: Slack never gives it to another person. */
  const globalIds = new Map<string, string>()
  return {
    obstacle,
    members: membersByOneId,
    canonical,
    group,
    nameOf,
    isSomebody,
    appOf,
    forgetPerson,
    forgetGroup,
    forgetAll,
  }

  async function obstacle(person: string): Promise<string | null> {
    const found = await users.get(person)
    if (!found) return 'people whom Slack does not know in this workspace may not use Countersign'
    return standing(found, installation)
  }

  /** In an organisation, a person can have one id in the workspace and another in the organisation. */
  async function canonical(person: string): Promise<string> {
    if (installation.enterpriseId === null) return person
    if (!globalIds.has(person)) await users.get(person)
    return globalIds.get(person) ?? person
  }

  /** Slack may list people by another id than the log has for them. */
  async function membersByOneId(id: string): Promise<readonly string[]> {
    return [...new Set(await Promise.all((await members(id)).map(canonical)))]
  }

  /** Either id will do. */
  function forgetPerson(person: string): void {
    const known = globalIds.get(person) ?? person
    for (const [id, globalId] of globalIds) if (globalId === known) users.forget(id)
    for (const id of [person, known]) users.forget(id)
  }

  function forgetAll(): void {
    users.forgetAll()
    forgetAllGroups()
  }

  async function nameOf(person: string): Promise<string> {
    const found = await users.get(person)
    return found?.profile?.real_name || found?.name || person
  }

  async function isSomebody(person: string): Promise<boolean> {
    const found = await users.get(person)
    return found !== null && !isBot(found)
  }

  async function appOf(botUser: string): Promise<string | null> {
    return (await users.get(botUser))?.profile?.api_app_id ?? null
  }

  async function lookUp(person: string): Promise<User | null> {
    try {
      const found = shaped('users.info', user, (await client.users.info({ user: person })).user)
      const globalId = isOurs(found, installation) ? found.enterprise_user?.id : undefined
      if (globalId !== undefined) globalIds.set(person, globalId)
      return found
    } catch (error) {
      if (unknown.includes(slackErrorName(error) ?? '')) return null
      throw error
    }
  }
}

/** Facts about people and groups are forgotten as soon as Slack says that they have changed. */
export function forgetWhatChanges(bolt: App, people: Pick<SlackPeople, 'forgetPerson' | 'forgetGroup'>): void {
  bolt.event('user_change', async ({ event }) => people.forgetPerson(event.user.id))
  bolt.event('subteam_updated', async ({ event }) => people.forgetGroup(event.subteam.id))
  bolt.event('subteam_members_changed', async ({ event }) => people.forgetGroup(event.subteam_id))
}

/** Slack leaves fields out of a deactivated member's record that everybody else's has: a gap there is not a "no". */
const user = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  team_id: z.string().optional(),
  deleted: z.boolean(),
  is_bot: z.boolean().optional(),
  is_workflow_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  enterprise_user: z
    .looseObject({
      id: z.string().optional(),
      enterprise_id: z.string().optional(),
      teams: z.array(z.string()).optional(),
    })
    .optional(),
  profile: z.looseObject({ real_name: z.string().optional(), api_app_id: z.string().optional() }).optional(),
})
type User = z.infer<typeof user>

/** Slack's ways to say that it does not know a person, or that this app may not see them. */
const unknown = ['user_not_found', 'user_not_visible']

/** Slackbot's own record says that it is not a bot. */
const slackbot = 'USLACKBOT'

function isBot({ id, is_bot, is_workflow_bot }: User): boolean {
  return id === slackbot || is_bot === true || is_workflow_bot === true
}

/**
 * The reason somebody is not a full member of this workspace, or of this organisation. Source: slack.md §5, points 3
 * and 4.
 */
function standing(found: User, installation: Deps['installation']): string | null {
  if (isBot(found)) return 'bots may not use Countersign'
  if (found.is_stranger || !isOurs(found, installation)) return 'people from other workspaces may not use Countersign'
  if (found.deleted) return 'deactivated members may not use Countersign'
  if (found.is_restricted || found.is_ultra_restricted) return 'guests may not use Countersign'
  if (found.is_bot === false && found.is_restricted === false && found.is_ultra_restricted === false) return null
  throw new Error(`Slack did not say whether ${found.id} is a full member, so they are not treated as one.`)
}

/**
 * Somebody whose home is another workspace of the same organisation is still ours if they are in this one too. Source:
 * slack.md §10.
 */
function isOurs(found: User, { teamId, enterpriseId, isEnterpriseInstall }: Deps['installation']): boolean {
  const { enterprise_id, teams = [] } = found.enterprise_user ?? {}
  const isOfOrganisation = enterpriseId !== null && enterprise_id === enterpriseId
  if (isEnterpriseInstall) return isOfOrganisation
  return found.team_id === teamId || (isOfOrganisation && teams.includes(teamId))
}
