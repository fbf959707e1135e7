import type { StoredMessage } from './messages.ts'
import type { ResponseTarget } from './response-urls.ts'
import { isRecord } from './rules.ts'
import { readContent } from './web-api/content.ts'
import { identity, type Workspace } from './workspace.ts'

/**
 * Does what an answer to a response address, or an ack with a body, asks for. Returns the name of Slack's error, or
 * null. An answer to a button replaces the message with the button, unless it says otherwise (slack.md §1.3).
 */
export function respond(workspace: Workspace, target: ResponseTarget, answer: unknown): string | null {
  const body = typeof answer === 'string' ? { text: answer } : answer
  if (!isRecord(body)) return 'invalid_payload'
  const original = target.messageTs ? workspace.messages.find(target.channel, target.messageTs) : undefined
  if (isYes(body.delete_original)) return original ? removed(workspace, original) : 'message_not_found'
  const content = readContent(body)
  if ('refused' in content) return String(content.refused.error)
  if (replaces(target, body)) {
    if (!original) return 'message_not_found'
    workspace.messages.edit(original, content)
  } else {
    const onlyFor = body.response_type === 'in_channel' ? {} : { onlyFor: target.person }
    const threadTs = typeof body.thread_ts === 'string' ? body.thread_ts : undefined
    workspace.messages.post({ ...content, channel: target.channel, author: identity.botUserId, threadTs, ...onlyFor })
  }
  workspace.changed()
  return null
}

function replaces(target: ResponseTarget, body: Record<string, unknown>): boolean {
  if (body.replace_original !== undefined) return isYes(body.replace_original) && target.messageTs !== null
  return target.messageTs !== null && body.response_type === undefined
}

function isYes(value: unknown): boolean {
  return value === true || value === 'true'
}

function removed(workspace: Workspace, message: StoredMessage): null {
  workspace.messages.remove(message)
  workspace.changed()
  return null
}
