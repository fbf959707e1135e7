import type { StoredMessage } from './messages.ts'
import type { Room } from './people.ts'
import type { PersonSpec, UserGroupSpec } from './protocol.ts'
import type { StoredView } from './views.ts'
import { identity, type Workspace } from './workspace.ts'

/** The JSON that Slack writes for each thing, in answers and in payloads. Shapes follow the samples in slack.md §6. */

export type Json = Record<string, unknown>

export function messageJson(workspace: Workspace, message: StoredMessage, withMetadata = true): Json {
  const { author, text, ts, blocks, edited, threadTs, metadata } = message
  const own = author === identity.botUserId ? { bot_id: identity.botId, app_id: workspace.app.id } : {}
  return {
    type: 'message',
    user: author,
    ...own,
    team: identity.teamId,
    text,
    ts,
    ...(blocks.length > 0 && { blocks }),
    ...(edited && { edited }),
    ...(threadTs && { thread_ts: threadTs }),
    ...(withMetadata && metadata ? { metadata } : {}),
  }
}

/** `team` is the other side's if somebody of another workspace uses the view (slack.md §5). */
export function viewJson(workspace: Workspace, view: StoredView, team: string = identity.teamId): Json {
  const { title, submit, close, private_metadata, callback_id, external_id, clear_on_close, notify_on_close } =
    view.content
  return {
    id: view.id,
    team_id: team,
    type: view.content.type,
    blocks: view.blocks,
    private_metadata: private_metadata ?? '',
    callback_id: callback_id ?? '',
    state: { values: view.typed.values(view.blocks) },
    hash: view.hash,
    title: title ?? null,
    clear_on_close: clear_on_close ?? false,
    notify_on_close: notify_on_close ?? false,
    close: close ?? null,
    submit: submit ?? null,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: workspace.app.id,
    external_id: external_id ?? '',
    app_installed_team_id: identity.teamId,
    bot_id: identity.botId,
  }
}

export function teamOf(person: PersonSpec): string {
  return person.teamId ?? identity.teamId
}

/** The id under which Slack delivers a person's acts. */
export function deliveredId({ id, globalId, goesByGlobalId = false }: PersonSpec): string {
  return goesByGlobalId && globalId !== undefined ? globalId : id
}

/**
 * Extra fields that Slack gives for members of the organisation `enterpriseId`. Source: slack.md §5, points 3 and 5,
 * and §10.
 */
function enterpriseUser(person: PersonSpec, enterpriseId: string | null): Json {
  if (enterpriseId === null || person.isStranger || person.isBot) return {}
  const { id, globalId = id, teams = [teamOf(person)] } = person
  const rights = { is_admin: false, is_owner: false, is_primary_owner: false }
  return {
    enterprise_user: { id: globalId, enterprise_id: enterpriseId, enterprise_name: 'Sandbox Inc', ...rights, teams },
  }
}

export function userJson(person: PersonSpec, enterpriseId: string | null): Json {
  const { id, name, realName, tz = 'Etc/UTC', deleted = false, isBot = false } = person
  const common = {
    id,
    team_id: teamOf(person),
    name,
    deleted,
    is_bot: isBot,
    is_app_user: false,
    updated: 1_700_000_000,
  }
  const profile = { real_name: realName, display_name: name, real_name_normalized: realName, team: teamOf(person) }
  const known = { ...common, ...enterpriseUser(person, enterpriseId) }
  if (deleted) return { ...known, profile }
  return {
    ...known,
    color: '9f69e7',
    real_name: realName,
    tz,
    tz_label: tz,
    tz_offset: 0,
    profile,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.isRestricted ?? false,
    is_ultra_restricted: person.isUltraRestricted ?? false,
    ...(person.isStranger && { is_stranger: true }),
    is_email_confirmed: true,
  }
}

export function roomJson(room: Room): Json {
  if (room.kind === 'dm') {
    return { id: room.id, is_im: true, is_archived: false, is_org_shared: false, user: room.members[0], is_open: true }
  }
  const { id, name, isPrivate, isArchived, isExtShared, appIsMember, members } = room
  return {
    id,
    name,
    name_normalized: name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_archived: isArchived,
    is_general: id === 'C0GENERAL',
    is_shared: isExtShared,
    is_ext_shared: isExtShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    is_member: appIsMember,
    context_team_id: identity.teamId,
    created: 1_700_000_000,
    num_members: members.length + Number(appIsMember),
  }
}

export function userGroupJson(group: UserGroupSpec, withUsers: boolean): Json {
  const { id, name, handle, users, isDisabled = false } = group
  return {
    id,
    team_id: identity.teamId,
    is_usergroup: true,
    is_subteam: true,
    name,
    handle,
    description: '',
    is_external: false,
    date_create: 1_700_000_000,
    date_update: 1_700_000_000,
    date_delete: isDisabled ? 1_700_000_001 : 0,
    auto_type: null,
    prefs: { channels: [], groups: [] },
    user_count: users.length,
    ...(withUsers && { users }),
  }
}
