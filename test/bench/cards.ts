import { createStack } from '../../src/contentstack/stack.ts'
import type { ApiCall, EmulatedSlack, WhereMessage } from '../../src/sandbox/slack/protocol.ts'
import { openStore } from '../../src/storage/store.ts'
import { createChanges } from '../../src/workflow/changes.ts'
import { alice, policyOfTwo } from '../support/world.ts'
import type { OurSide } from './sides.ts'
import { until } from './until.ts'

/** A card in our workspace, and what it was posted with. */
export type Card = WhereMessage & { readonly posted: ApiCall['args'] }

/**
 * Proposes changes to one token, before the app is started, each from where the one before it leads to: approved in
 * their order, every one of them can be applied.
 */
export async function proposeChanges({ stack, database }: OurSide, count: number): Promise<void> {
  const token = await lookAt(stack)
  const store = openStore(database)
  const changes = createChanges({ store, policyFor: () => policyOfTwo, now: () => new Date() })
  let before = token.settings
  for (let i = 1; i <= count; i++) {
    const after = { ...token.settings, description: `Deploys from CI, step ${i}` }
    const asked = { stack: 'website', tokenUid: token.uid, requester: alice, reason: `Step ${i}`, before, after }
    await changes.propose(asked, `bench:${i}`)
    before = after
  }
  store.close()
}

function lookAt({ url, apiKey, authtoken, tokens }: OurSide['stack']) {
  const options = { name: 'website', baseUrl: url, apiKey, authtoken, rateLimitFields: null, writeTimeoutMs: 1000 }
  return createStack(options).token(tokens()[0]!.uid)
}

/** The cards that the app posts when it starts, in the order of their changes, once everything is told to everybody. */
export async function cardsOf(slack: EmulatedSlack, count: number): Promise<Card[]> {
  const told = () => slack.calls.filter(({ method, answer }) => method === 'chat.postMessage' && answer?.ok)
  await until(slack, `${count} cards`, () => slack.calls.length >= 2 * count && told().length >= 2 * count)
  return told()
    .filter(({ args }) => args.metadata)
    .sort((a, b) => changeOf(a) - changeOf(b))
    .map(({ args, answer }) => ({ channel: String(answer?.channel), ts: String(answer?.ts), posted: args }))
}

function changeOf({ args }: ApiCall): number {
  return (args.metadata as { event_payload: { change: number } }).event_payload.change
}

/** Posts the same cards to another workspace, so that a press there carries as much as a press here. */
export async function copyCards(cards: readonly Card[], { url, botToken }: EmulatedSlack): Promise<WhereMessage[]> {
  const headers = { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' }
  const copies: WhereMessage[] = []
  for (const { posted } of cards) {
    const body = JSON.stringify(posted)
    const answer = await fetch(`${url}/api/chat.postMessage`, { method: 'POST', headers, body })
    copies.push((await answer.json()) as WhereMessage)
  }
  return copies
}
