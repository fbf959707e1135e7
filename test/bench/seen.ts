import type { ApiCall, EmulatedSlack, WhereMessage } from '../../src/sandbox/slack/protocol.ts'
import { oneOfMany } from './sides.ts'

export type Seen = ReturnType<typeof createSeen>

/** The beginning of an answer to `/token help`. */
const help = 'Countersign edits'
const nameOfMany = new RegExp(`${oneOfMany}\\d+`)

/**
 * Everything that an app has shown people so far, although the emulated Slack forgets its calls: with the views of thousands of forms in
 * its memory, this process would stand still to collect garbage, and measure that.
 */
export function createSeen(slack: EmulatedSlack) {
  const opened = new Set<unknown>()
  const cards = new Map<string, WhereMessage>()
  let helped = 0
  let waiting: ApiCall[] = []
  let read = 0
  return { look, forget, card, hasOpened: (trigger: unknown) => opened.has(trigger), helped: () => helped }

  /** Reads the calls since the last time, and those that were not answered then. */
  function look(): void {
    const calls = [...waiting, ...slack.calls.slice(read)]
    read = slack.calls.length
    waiting = calls.filter(({ status }) => status === 0)
    for (const call of calls) if (call.answer?.ok) note(call)
  }

  function forget(): void {
    look()
    slack.clear()
    read = 0
  }

  /** The card of the change to the token of that name. */
  function card(token: string): WhereMessage | undefined {
    if (!cards.has(token)) look()
    return cards.get(token)
  }

  function note({ method, args, answer }: ApiCall): void {
    if (method === 'views.open') opened.add(args.trigger_id)
    if (method === 'response_url' && String(args.text).startsWith(help)) helped += 1
    const [token] = method === 'chat.postMessage' && args.metadata ? (nameOfMany.exec(JSON.stringify(args)) ?? []) : []
    if (token) cards.set(token, { channel: String(answer?.channel), ts: String(answer?.ts) })
  }
}
