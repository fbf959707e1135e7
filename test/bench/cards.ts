import { authtokenCredential } from '../../src/contentstack/credential.ts'
import { createStack } from '../../src/contentstack/stack.ts'
import type { ApiCall, EmulatedSlack, WhereMessage } from '../../src/sandbox/slack/protocol.ts'
import { openStoreAt } from '../../src/storage/engine/store.ts'
import { createChanges } from '../../src/workflow/changes/changes.ts'
import { createElectorates } from '../../src/workflow/changes/electorates.ts'
import { createDirectory } from '../support/people.ts'
import { policyOfTwo } from '../support/world.ts'
import { type OurSide, oneOfCrowd, oneOfMany } from './sides.ts'
import { until } from './until.ts'

/** A card in our workspace, and the arguments it was posted with. */
export type Card = WhereMessage & { readonly posted: ApiCall['args'] }

/**
 * Proposes a change to each of the stack's many tokens, before the app is started: every one can be applied, and none
 * is named on another's card. The crowd asks for them: one person can have a hundred open.
 */
export async function proposeChanges({ stack, database }: OurSide): Promise<void> {
  const [policyFor, now] = [() => policyOfTwo, () => new Date()]
  const store = await openStoreAt(database, { now })
  const electorates = createElectorates({ people: createDirectory().api, policyFor, now })
  const changes = createChanges({ store, electorates, policyFor, now })
  const many = (await lookAt(stack)).filter(({ settings }) => settings.name.startsWith(oneOfMany))
  for (const [i, { uid, settings: before }] of many.entries()) {
    const after = { ...before, description: `${before.description}, faster` }
    const asked = { stack: 'website', tokenUid: uid, requester: oneOfCrowd(i), before, after }
    await changes.propose({ ...asked, reason: 'The pipeline moved' }, `bench:${uid}`)
  }
  await store.close()
}

function lookAt({ url, apiKey, authtoken }: OurSide['stack']) {
  const credential = authtokenCredential(authtoken, 'CONTENTSTACK_AUTHTOKEN')
  const options = { name: 'website', baseUrl: url, apiKey, rateLimitFields: null, writeTimeoutMs: 1000 }
  return createStack({ ...options, credential, requestsPerSecond: 1000 }).tokens()
}

/**
 * The cards that the app posts when it starts, in the order of their changes, once everybody has been told everything.
 */
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
