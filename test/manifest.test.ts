import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { neededScopes } from '../src/slack/calls/scopes.ts'
import { command } from '../src/slack/command/command.ts'
import { verbs } from '../src/slack/command/verbs.ts'
import { shortcuts } from '../src/slack/kit/ids.ts'

const root = new URL('../', import.meta.url)
const manifest = parse(readFileSync(new URL('manifest.yml', root), 'utf8'))
const code = readdirSync(new URL('src/slack', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(new URL(`src/slack/${file}`, root), 'utf8'))
  .join('\n')
const found = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].map((match) => match[1]!))].sort()

/** The scopes that each Web API method needs. Source: slack.md §4. */
const scopes: Record<string, readonly string[]> = {
  'auth.test': [],
  'auth.teams.list': [],
  /** Asked with the app-level token, which has its own scope, `connections:write`. */
  'apps.connections.open': [],
  'views.open': [],
  'views.update': [],
  'views.publish': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'users.info': ['users:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  /** For these two, `channels:history` is used only if an operator granted it. */
  'conversations.history': [],
  'conversations.replies': [],
}

/** The scope without which Slack does not send an event. Source: slack.md §4. */
const eventScopes: Record<string, readonly string[]> = {
  app_home_opened: [],
  channel_shared: ['channels:read', 'groups:read'],
  subteam_members_changed: ['usergroups:read'],
  subteam_updated: ['usergroups:read'],
  user_change: ['users:read'],
}

describe('the manifest', () => {
  test('registers the one command that the code listens to, escaped', () => {
    expect(manifest.features.slash_commands).toEqual([expect.objectContaining({ command, should_escape: true })])
  })

  test('names all that can follow the command where Slack shows how the command is used', () => {
    const { usage_hint } = manifest.features.slash_commands[0]
    expect(usage_hint.match(/[a-z]+/g)).toEqual(expect.arrayContaining([...verbs]))
  })

  test('registers exactly the shortcuts that the code listens to', () => {
    const registered = manifest.features.shortcuts.map((shortcut: { callback_id: string }) => shortcut.callback_id)
    expect(registered.sort()).toEqual(Object.values(shortcuts).sort())
    expect(found(/bolt\.shortcut\(shortcuts\.(\w+)/g)).toEqual(Object.keys(shortcuts).sort())
  })

  test('subscribes to exactly the events that the code listens to', () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(found(/bolt\.event\('(\w+)'/g))
  })

  test('asks for exactly the scopes that the methods and events in the code need', () => {
    const methods = found(/client\.((?:\w+\.)+\w+)\(/g)
    expect(methods.filter((method) => !(method in scopes))).toEqual([])
    const events: string[] = manifest.settings.event_subscriptions.bot_events
    expect(events.filter((event) => !(event in eventScopes))).toEqual([])
    const forCommand = ['commands']
    const wanted = [
      ...forCommand,
      ...methods.flatMap((method) => scopes[method]!),
      ...events.flatMap((event) => eventScopes[event]!),
    ]
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...new Set(wanted)].sort())
    expect(manifest.oauth_config.scopes.user).toBeUndefined()
    expect(manifest.oauth_config.scopes.bot).toEqual(neededScopes)
  })

  const schemaPath = new URL('../shared/fixtures/slack/manifest.schema.2.0.0.json', root)
  test.skipIf(!existsSync(schemaPath))(
    "is valid by Slack's own schema (left out where that schema is not at hand)",
    () => {
      const ajv = new Ajv({ strict: false, allErrors: true })
      addFormats.default(ajv)
      const validate = ajv.compile(JSON.parse(readFileSync(schemaPath, 'utf8')))
      validate(manifest)
      expect(validate.errors ?? []).toEqual([])
    },
  )
})
