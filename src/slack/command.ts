import type { App, RespondFn } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { type Found, findToken } from '../domain/find.ts'
import type { Looks } from '../workflow/looks.ts'
import type { FindToken } from './find-token.ts'
import { outOfReach } from './out-of-reach.ts'
import type { Message } from './views/blocks.ts'
import { nearMatches, tokenHelp, tokenList, tokenShown } from './views/token-text.ts'

type Deps = { bolt: App; looks: Looks; findToken: FindToken }

export const command = '/token'

type Typed = { rest: string; person: string; triggerId: string; client: WebClient; respond: RespondFn }

/** `/token`, and what can follow it. Every answer is seen by the person who typed it, and by nobody else. */
export function registerCommand({ bolt, looks, findToken: finder }: Deps): void {
  const verbs = new Map<string, (typed: Typed) => Promise<void>>([
    ['', ({ client, triggerId }) => finder.openPicker(client, triggerId)],
    ['edit', edit],
    ['list', list],
    ['show', show],
  ])

  bolt.command(command, async ({ ack, body, client, respond }) => {
    const [verb = '', ...words] = unescaped(body.text ?? '')
      .trim()
      .split(/\s+/)
    const run = verbs.get(verb.toLowerCase())
    // Help needs no look at anything, so the ack itself carries it.
    if (!run) return ack(forTheirEyes(tokenHelp(verb.toLowerCase() === 'help' ? '' : verb)))
    await ack()
    await run({ rest: words.join(' '), person: body.user_id, triggerId: body.trigger_id, client, respond })
  })

  async function edit({ rest, person, triggerId, client, respond }: Typed): Promise<void> {
    if (!rest) return finder.openPicker(client, triggerId)
    const found = findToken(await looks.known(), rest)
    if (found.kind === 'several') return tellNear(respond, rest, found)
    return finder.openByName(client, triggerId, rest, person)
  }

  async function list({ respond }: Typed): Promise<void> {
    const notes = outOfReach(await looks.refreshAll())
    await tell(respond, tokenList({ tokens: await looks.titled(await looks.known()), notes }))
  }

  async function show({ rest, respond }: Typed): Promise<void> {
    const known = findToken(await looks.known(), rest)
    if (known.kind !== 'one') await looks.refreshAll()
    const found = known.kind === 'one' ? known : findToken(await looks.known(), rest)
    if (found.kind !== 'one') return tellNear(respond, rest, found)
    const token = await looks.token(found.token.stack, found.token.uid)
    await tell(respond, tokenShown({ token, stackTitle: await looks.titleOf(token.stack) }))
  }

  async function tellNear(respond: RespondFn, typed: string, found: Exclude<Found, { kind: 'one' }>): Promise<void> {
    await tell(respond, nearMatches({ typed, tokens: await looks.titled(found.tokens) }))
  }
}

async function tell(respond: RespondFn, message: Message): Promise<void> {
  await respond(forTheirEyes(message))
}

function forTheirEyes({ text, blocks }: Message) {
  return { response_type: 'ephemeral', text, blocks } as const
}

/** Slack escapes these three in what is typed after a command, and nothing else. Source: slack.md §4 (`should_escape`). */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
