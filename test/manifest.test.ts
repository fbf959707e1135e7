import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { command } from '../src/slack/command.ts'
import { shortcuts } from '../src/slack/views/ids.ts'

const root = new URL('../', import.meta.url)
const manifest = parse(readFileSync(new URL('manifest.yml', root), 'utf8'))
const code = readdirSync(new URL('src/slack', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(new URL(`src/slack/${file}`, root), 'utf8'))
  .join('\n')
const found = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].map((match) => match[1]!))].sort()

/** The scope that each Web API method needs; null needs none, `optional` is used only where an operator granted it. */
const scopes: Record<string, { scope: string | null; optional?: boolean }> = {
  'auth.test': { scope: null },
  'views.open': { scope: null },
  'views.update': { scope: null },
  'views.publish': { scope: null },
  'chat.postMessage': { scope: 'chat:write' },
  'chat.update': { scope: 'chat:write' },
  'conversations.history': { scope: 'channels:history', optional: true },
}

describe('the manifest', () => {
  test('registers the one command that the code listens to, escaped', () => {
    expect(manifest.features.slash_commands).toEqual([expect.objectContaining({ command, should_escape: true })])
  })

  test('registers exactly the shortcuts that the code listens to', () => {
    const registered = manifest.features.shortcuts.map((shortcut: { callback_id: string }) => shortcut.callback_id)
    expect(registered.sort()).toEqual(Object.values(shortcuts).sort())
    expect(found(/bolt\.shortcut\(shortcuts\.(\w+)/g)).toEqual(Object.keys(shortcuts).sort())
  })

  test('subscribes to exactly the events that the code listens to', () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(found(/bolt\.event\('(\w+)'/g))
  })

  test('asks for exactly the scopes that the methods in the code need', () => {
    const methods = found(/client\.((?:\w+\.)+\w+)\(/g)
    expect(methods.filter((method) => !(method in scopes))).toEqual([])
    const needed = methods.map((method) => scopes[method]!).filter(({ scope, optional }) => scope && !optional)
    const forCommand = ['commands']
    const wanted = [...new Set([...forCommand, ...needed.map(({ scope }) => scope)])].sort()
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual(wanted)
    expect(manifest.oauth_config.scopes.user).toBeUndefined()
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
