import { expect } from 'vitest'
import type { Change } from '../../src/domain/change/change.ts'
import { type ChangeEvent, changeEvent } from '../../src/domain/change/event.ts'
import { evolve, open } from '../../src/domain/change/evolve.ts'
import type { Delivery, Message } from '../../src/sandbox/slack/protocol.ts'
import { storeAt } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { cards, hasButtons, wanted } from './people.ts'
import type { World } from './world.ts'

export type Record = { readonly change: Change; readonly events: ChangeEvent[]; readonly cardTs: string | undefined }

/** A change, #1 unless given, from the database at `path`, or null. */
export async function recordIn(path: string, id = 1): Promise<Record | null> {
  const store = await storeAt(path)
  try {
    const events = (await store.events(id)).flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
    if (events.length === 0) return null
    const { change, card } = await store.get(id)
    return { change, events, cardTs: card?.ts }
  } finally {
    await store.close()
  }
}

/** Everything that a person got an answer to is in the log of `path`, the state on disk when the app died. */
export async function expectNothingAckedLost({ slack }: World, path: string): Promise<void> {
  const types = (await recordIn(path))?.events.map((event) => event.type) ?? []
  for (const { kind, outcome, body } of slack.deliveries) {
    if (outcome !== 'acked') continue
    if (kind === 'view_submission' && callbackId(body) === 'preview') expect(types).toContain('proposed')
    if (kind === 'block_actions' && !isInForm(body)) expect(types).toContain('approved')
  }
}

/** A press in a form asks for nothing yet. */
function isInForm({ view }: Delivery['body']): boolean {
  return view !== undefined
}

function callbackId({ view }: Delivery['body']): unknown {
  return (view as { callback_id?: unknown }).callback_id
}

/**
 * Change #1 is applied: the stack took it once, out of `sent` updates, and nothing else on the token has moved; its log
 * leads to its stored state; its card says so and offers nothing more; and nothing is left to do. The app has stopped.
 */
export async function expectApplied(world: World, { sent = 1 } = {}): Promise<void> {
  const { stack, tokenBefore } = world
  const { change } = await expectEnded(world, 'was applied')
  expect(change).toMatchObject({ status: 'applied', written: true })
  expect(stack.takenUpdates()).toBe(1)
  expect(updatesSent(world)).toBe(sent)
  const { updated_at, updated_by, ...settings } = stack.token(change.tokenUid)!
  expect({ ...tokenBefore, ...wanted }).toMatchObject(settings)
}

/** Change #1 has ended, its log leads there, its card says so in these words, and nothing is left to do. */
export async function expectEnded(world: World, words: string): Promise<Record> {
  expect(await openIn(world.database)).toEqual([])
  const record = await expectSettled(world, words)
  expect(hasButtons(cardOf(world, record))).toBe(false)
  return record
}

/** Change #1 is where its log leads, its card says so in these words, and nothing is left for the app to do now. */
export async function expectSettled(world: World, words: string): Promise<Record> {
  const record = (await recordIn(world.database))!
  expect(replayed(1, record.events)).toEqual(record.change)
  expect(await leftToDo(world.database)).toEqual([])
  expect(cardOf(world, record).text).toContain(words)
  return record
}

function cardOf(world: World, { cardTs }: Record): Message {
  return cards(world).find(({ ts }) => ts === cardTs)!
}

export function updatesSent({ stack }: World): number {
  return stack.requests.filter(({ method }) => method === 'PUT').length
}

/** The state to which the log of change `id` leads. */
export function replayed(id: number, [proposed, ...events]: readonly ChangeEvent[]): Change {
  if (proposed?.type !== 'proposed') throw new Error(`The log begins with ${proposed?.type}.`)
  return events.reduce(evolve, open(id, proposed))
}

async function openIn(database: string): Promise<readonly number[]> {
  const store = await storeAt(database)
  try {
    return (await store.openChanges()).map(({ change }) => change.id)
  } finally {
    await store.close()
  }
}

/**
 * With two processes, one may draw an old state of a card after the other drew the new one: the next round corrects it.
 */
export async function untilNothingIsLeft({ database }: World): Promise<void> {
  await eventually(async () => expect(await leftToDo(database)).toEqual([]))
}

/** Changes that need something within the hour; reminders and expiries of waiting changes come later. */
async function leftToDo(database: string): Promise<readonly number[]> {
  const store = await storeAt(database)
  try {
    return await store.unfinished(new Date(Date.now() + 3_600_000).toISOString())
  } finally {
    await store.close()
  }
}
