import type { App } from '@slack/bolt'
import { atMost } from '../../breathe.ts'
import { suggest } from '../../domain/token/nearest-tokens.ts'
import type { Token } from '../../domain/token/token.ts'
import { amongNone, unreadableLike } from '../../domain/token/unreadable.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { limits } from '../kit/blocks.ts'
import { actions } from '../kit/ids.ts'
import { tokenOptions, type UnreadableOption, unlistedOptions } from '../kit/options.ts'
import { unlistedTitles } from '../tokens/out-of-reach.ts'
import { readWaiting } from '../tokens/waiting.ts'
import type { FindToken } from './find-token.ts'

type Deps = { bolt: App; looks: Looks; findToken: FindToken }

/** Milliseconds, out of Slack's three seconds. */
const patienceMs = 1500

/**
 * The tokens that Slack asks the app for while somebody types: always answered from the last look, within Slack's 3 seconds.
 */
export function registerTypeAhead({ bolt, looks, findToken }: Deps): void {
  bolt.options(actions.pickToken, async ({ ack, payload, body }) => {
    const known = await knownSoon()
    const unseen = new Set(looks.lastLooks().flatMap(({ stack, failed }) => (failed ? [stack] : [])))
    const titled = await looks.titled(onStackFirst(suggest(known, payload.value, limits.options), stackFor(body)))
    const tokens = titled.map((one) => ({ ...one, unseen: unseen.has(one.token.stack) }))
    const options = tokenOptions(tokens, '', await unreadableToo(known, payload.value))
    await ack({ options: options.length > 0 ? options : unlistedOptions(await unlistedTitles(looks)) })
    findToken.refreshLater(looks.refreshStale())
  })

  /** After the very first start no token is known until they are listed: whoever types waits a little. */
  async function knownSoon(): Promise<readonly Token[]> {
    const known = await looks.known()
    if (known.length > 0) return known
    await atMost(patienceMs, looks.refreshStale())
    return looks.known()
  }

  /** A person who looks for one finds it, and is told why it can't be changed once they choose it. */
  async function unreadableToo(known: readonly Token[], typed: string): Promise<UnreadableOption[]> {
    const all = amongNone(unreadableLike(looks.unreadable(), typed), known)
    return Promise.all(
      all.slice(0, limits.options).map(async (one) => ({ ...one, stackTitle: await looks.titleOf(one.stack) })),
    )
  }
}

/** The stack that was named in the line that waits for the token. */
function stackFor({ view }: { view?: { private_metadata?: string } }): string | undefined {
  return readWaiting(view?.private_metadata)?.stack
}

function onStackFirst(tokens: readonly Token[], stack: string | undefined): readonly Token[] {
  const isThere = (token: Token) => token.stack === stack
  return [...tokens.filter(isThere), ...tokens.filter((token) => !isThere(token))]
}
