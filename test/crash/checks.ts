import { expect } from 'vitest'
import { type Change, type ChangeEvent, evolve, open } from '../../src/domain/change.ts'
import type { StoredChange } from '../../src/ports.ts'
import type { Delivery } from '../../src/sandbox/slack/protocol.ts'
import { openStore } from '../../src/storage/store.ts'
import { cards, hasButtons, wanted } from './people.ts'
import type { World } from './world.ts'

export type Record = { readonly stored: StoredChange; readonly events: ChangeEvent[] }

/** Change #1 as the database at `path` has it, or null. */
export async function recordIn(path: string): Promise<Record | null> {
  const store = openStore(path)
  try {
    const events = (await store.events(1)).map(({ event }) => event as ChangeEvent)
    return events.length > 0 ? { stored: await store.get(1), events } : null
  } finally {
    store.close()
  }
}

/** Whatever a person got an answer to is in the log of `path`, which is what was on disk when the app died. */
export async function expectNothingAckedLost({ slack }: World, path: string): Promise<void> {
  const types = (await recordIn(path))?.events.map((event) => event.type) ?? []
  for (const { kind, outcome, body } of slack.deliveries) {
    if (outcome !== 'acked') continue
    if (kind === 'view_submission' && callbackId(body) === 'preview') expect(types).toContain('proposed')
    if (kind === 'block_actions') expect(types).toContain('approved')
  }
}

function callbackId({ view }: Delivery['body']): unknown {
  return (view as { callback_id?: unknown }).callback_id
}

/**
 * Change #1 is applied: taken by the stack once and sent to it once, its log leads to its stored state, its card says so
 * and offers nothing more, and nothing is left to do. The app has stopped.
 */
export async function expectAppliedOnce(world: World): Promise<void> {
  const { stack, database } = world
  const { stored, events } = (await recordIn(database))!
  const uid = stored.change.tokenUid
  expect(stack.takenUpdates()).toBe(1)
  expect(updatesSent(world)).toBe(1)
  expect(stack.token(uid)).toMatchObject(wanted)
  expect(stored.change).toMatchObject({ id: 1, status: 'applied', written: true })
  expect(replayed(events)).toEqual(stored.change)
  expect(await leftToDo(database)).toEqual([])
  const card = cards(world).find(({ ts }) => ts === stored.card?.ts)!
  expect(card.text).toContain('was applied')
  expect(hasButtons(card)).toBe(false)
}

export function updatesSent({ stack }: World): number {
  return stack.requests.filter(({ method }) => method === 'PUT').length
}

function replayed([proposed, ...events]: readonly ChangeEvent[]): Change {
  if (proposed?.type !== 'proposed') throw new Error(`The log begins with ${proposed?.type}.`)
  return events.reduce(evolve, open(1, proposed))
}

/** Changes that still call for something, whenever that would be due. */
async function leftToDo(database: string): Promise<readonly number[]> {
  const store = openStore(database)
  try {
    expect(await store.openChanges()).toEqual([])
    return await store.unfinished('9999-12-31T00:00:00.000Z')
  } finally {
    store.close()
  }
}
