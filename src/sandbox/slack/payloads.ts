import type { Place } from './blocks.ts'
import { statefulElements } from './elements.ts'
import { madeUp } from './ids.ts'
import type { Room } from './people.ts'
import type { PersonSpec, StateValue } from './protocol.ts'
import { deliveredId, type Json, messageJson, teamOf, viewJson } from './shapes.ts'
import type { Surface } from './surfaces.ts'
import type { StoredView } from './views.ts'
import { identity, type Workspace } from './workspace.ts'

/** The bodies that the app gets, with every field of the samples in slack.md §6. */

/** Slack's old proof that a payload is its own; it proves nothing (slack.md §5). */
const token = 'sandbox-verification-token'

export function commandBody(workspace: Workspace, person: PersonSpec, room: Room, command: string, text: string): Json {
  const target = { person: person.id, channel: room.id, messageTs: null }
  return {
    token,
    team_id: identity.teamId,
    team_domain: identity.domain,
    channel_id: room.id,
    channel_name: room.kind === 'channel' && room.isPrivate ? 'privategroup' : room.name,
    user_id: deliveredId(person),
    user_name: person.name,
    ...(workspace.enterpriseId !== null && { enterprise_id: workspace.enterpriseId, enterprise_name: 'Sandbox Inc' }),
    command,
    text: escaped(workspace, text),
    api_app_id: workspace.app.id,
    is_enterprise_install: 'false',
    response_url: workspace.url + workspace.responseUrls.issue('commands', target),
    trigger_id: workspace.triggers.issue({ person: person.id, viewId: null }),
  }
}

/**
 * As with `should_escape: true` (slack.md §2): no bare & < >, links marked as links, and mentions by id; a private
 * channel's name stays hidden.
 */
function escaped({ directory }: Workspace, text: string): string {
  const people = new Map([...directory.people.values()].map(({ id, name }) => [name, id]))
  const channels = new Map([...directory.channels.values()].map((channel) => [channel.name, channel]))
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?<!\S)https?:\/\/[^\s<>]+/g, (address) => `<${address}>`)
    .replace(/(?<!\S)[\w.+-]+@[\w-]+\.[a-z]{2,}(?!\S)/g, (address) => `<mailto:${address}|${address}>`)
    .replace(/(?<!\S)(?:[\w-]+\.)+(?:com|org|net|dev|io)(?!\S)/g, (host) => `<http://${host}|${host}>`)
    .replace(/(?<!\S)@([\w.-]+)/g, (mention, name) => (people.has(name) ? `<@${people.get(name)}>` : mention))
    .replace(/(?<!\S)#([\w-]+)/g, (mention, name) => {
      const channel = channels.get(name)
      return channel ? `<#${channel.id}|${channel.isPrivate ? '' : channel.name}>` : mention
    })
}

function common(workspace: Workspace, type: string, person: PersonSpec, team: string = identity.teamId): Json {
  return {
    type,
    user: { id: deliveredId(person), username: person.name, name: person.name, team_id: teamOf(person) },
    api_app_id: workspace.app.id,
    token,
    team: { id: team, domain: team === identity.teamId ? identity.domain : 'elsewhere' },
    enterprise: workspace.enterpriseId === null ? null : { id: workspace.enterpriseId, name: 'Sandbox Inc' },
    is_enterprise_install: false,
  }
}

export function shortcutBody(workspace: Workspace, person: PersonSpec, callbackId: string): Json {
  return {
    ...common(workspace, 'shortcut', person),
    action_ts: workspace.clock.ts(),
    callback_id: callbackId,
    trigger_id: workspace.triggers.issue({ person: person.id, viewId: null }),
  }
}

export function actionsBody(workspace: Workspace, person: PersonSpec, surface: Surface, action: Json): Json {
  const viewId = surface.kind === 'view' ? surface.view.id : null
  return {
    ...common(workspace, 'block_actions', person),
    trigger_id: workspace.triggers.issue({ person: person.id, viewId }),
    ...whereabouts(workspace, surface),
    ...(surface.kind === 'message' && messageExtras(workspace, person, surface)),
    actions: [action],
  }
}

function whereabouts(workspace: Workspace, surface: Surface): Json {
  if (surface.kind === 'view') {
    return { container: { type: 'view', view_id: surface.view.id }, view: viewJson(workspace, surface.view) }
  }
  const { ts, channel, onlyFor } = surface.message
  const container = { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: onlyFor !== null }
  return { container, channel: { id: channel, name: workspace.directory.room(channel)?.name ?? '' } }
}

/** An ephemeral message is not included: Slack does not keep it. */
function messageExtras(workspace: Workspace, person: PersonSpec, surface: Surface & { kind: 'message' }): Json {
  const { message, typed, blocks } = surface
  const target = { person: person.id, channel: message.channel, messageTs: message.ts }
  return {
    ...(message.onlyFor === null && { message: messageJson(workspace, message) }),
    state: { values: typed.values(blocks) },
    response_url: workspace.url + workspace.responseUrls.issue('actions', target),
  }
}

/** One entry of `actions`: the element's fields that Slack repeats, and the choice. */
export function actionJson(workspace: Workspace, { block, element }: Place, chosen: StateValue | Json): Json {
  const { type, action_id, text, style, placeholder, value } = element
  const initial = statefulElements[type]?.initial
  const repeated = { text, style, placeholder, value, ...(initial && { [initial]: element[initial] }) }
  const given = Object.fromEntries(Object.entries(repeated).filter(([, content]) => content !== undefined))
  return { ...given, ...chosen, type, action_id, block_id: block.block_id, action_ts: workspace.clock.ts() }
}

export function suggestionBody(
  workspace: Workspace,
  person: PersonSpec,
  surface: Surface,
  place: Place,
  value: string,
): Json {
  const { block, element } = place
  return {
    ...common(workspace, 'block_suggestion', person),
    ...whereabouts(workspace, surface),
    ...(surface.kind === 'message' && { message: messageJson(workspace, surface.message) }),
    action_id: element.action_id,
    block_id: block.block_id,
    value,
  }
}

/** `team` and `view.team_id` are those of the person who submits, who may belong to another workspace (slack.md §5). */
export function submissionBody(workspace: Workspace, person: PersonSpec, view: StoredView): Json {
  return {
    ...common(workspace, 'view_submission', person, teamOf(person)),
    trigger_id: workspace.triggers.issue({ person: person.id, viewId: view.id }),
    view: viewJson(workspace, view, teamOf(person)),
    response_urls: [],
  }
}

export function closedBody(workspace: Workspace, person: PersonSpec, view: StoredView): Json {
  return {
    ...common(workspace, 'view_closed', person, teamOf(person)),
    view: viewJson(workspace, view, teamOf(person)),
    is_cleared: view.content.clear_on_close ?? false,
  }
}

export function eventBody(workspace: Workspace, event: Json): Json {
  return {
    token,
    team_id: identity.teamId,
    context_team_id: identity.teamId,
    context_enterprise_id: workspace.enterpriseId,
    api_app_id: workspace.app.id,
    event: { event_ts: workspace.clock.ts(), ...event },
    type: 'event_callback',
    event_id: madeUp('Ev'),
    event_time: workspace.clock.seconds(),
    authorizations: [
      {
        enterprise_id: workspace.enterpriseId,
        team_id: identity.teamId,
        user_id: identity.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  }
}
