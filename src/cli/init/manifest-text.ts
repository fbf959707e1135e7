import { parseDocument } from 'yaml'

/** The manifest as it is for Socket Mode; over HTTP, Slack calls `url` for everything. */
export function manifestText(manifest: string, url: string | null): string {
  if (url === null) return manifest
  const document = parseDocument(manifest)
  document.commentBefore = document.commentBefore?.split('\n')[0] ?? null
  document.setIn(['settings', 'socket_mode_enabled'], false)
  document.setIn(['settings', 'interactivity', 'request_url'], url)
  document.setIn(['settings', 'interactivity', 'message_menu_options_url'], url)
  document.setIn(['settings', 'event_subscriptions', 'request_url'], url)
  const { commands } = { commands: document.getIn(['features', 'slash_commands']) as { items: unknown[] } }
  for (const i of commands.items.keys()) document.setIn(['features', 'slash_commands', i, 'url'], url)
  return document.toString({ lineWidth: 0 })
}
