import { copyFileSync, readFileSync } from 'node:fs'
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import { describe, expect, type TestContext, test } from 'vitest'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { auditKey } from '../../src/domain/audit/chain.ts'
import type { Message } from '../../src/sandbox/slack/protocol.ts'
import type { StackOptions } from '../../src/sandbox/stack/world.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { type Around, filesOf, releasedKey, releases, website } from '../support/released.ts'
import { cancel, cards, press, rebase, untilApplied } from './people.ts'
import { channel, createWorld, slow, type World } from './world.ts'

/** See `test/fixtures/make.ts`. */
const ids = { rebase: 6, leave: 7, once: 8, anew: 9, settle: 10, goOn: 11 }

describe.concurrent.each(releases())('this version, on the file that %s left', (release) => {
  test.for([
    ['arrived after all', true],
    ['never arrived', false],
  ] as const)('goes on with every open change, while the update of one %s', slow, async ([, arrived], context) => {
    const world = await goesOn(context, release)
    if (arrived) arrives(world)
    const app = await start(world)
    await untilApplied(world, () => isApplied(world, ids.settle) && isApplied(world, ids.goOn))
    await act(world, ids.once, 'U0CAROL', 'approve', 'was applied')
    await act(world, ids.anew, 'U0CAROL', 'approve', 'approved by')
    await act(world, ids.anew, 'U0BOB', 'approve', 'was applied')
    await cancel(world, cardOf(world, ids.leave), 'U0ALICE', () =>
      cardOf(world, ids.leave).text.includes('was cancelled'),
    )
    await rebase(world, cardOf(world, ids.rebase), 'U0ALICE', () =>
      cardOf(world, ids.rebase).text.includes('is waiting for'),
    )
    await act(world, ids.rebase, 'U0BOB', 'approve', 'was applied')
    await app.terminate()
    expect(world.stack.takenUpdates()).toBe(arrived ? 4 : 5)
    expect(await statuses(world)).toEqual(['expired', 'applied', 'rejected', 'cancelled', 'failed', ...ended])
    expect(app.stdout).not.toContain('"level":50')
    await verifies(world)
  })
})

const ended = ['applied', 'cancelled', 'applied', 'applied', 'applied', 'applied']

type Released = World & { readonly around: Around; readonly ahead: number }

/**
 * Goes on twenty minutes after it was left, with the same cards and tokens: no earlier update is waited for any more.
 */
async function goesOn(context: TestContext, release: string): Promise<Released> {
  const files = filesOf(release)
  const around: Around = JSON.parse(readFileSync(files.around, 'utf8'))
  const ahead = Date.parse(around.at) + minutesToMilliseconds(20) - Date.now()
  let postedAt: number | null = null
  const now = () => postedAt ?? Date.now() + ahead
  const stack: StackOptions = { tokens: [...around.tokens], now }
  const world = await createWorld(context, { website, slack: { now }, stack })
  for (const card of around.cards) {
    postedAt = Math.floor(Number(card.ts) * 1000)
    expect(await posted(world, card)).toBe(card.ts)
  }
  postedAt = null
  copyFileSync(files.database, world.database)
  return { ...world, around, ahead }
}

/** Posts the card as it is in Slack. */
async function posted({ slack }: World, { ts: _, ...card }: Around['cards'][number]): Promise<string> {
  const answer = await fetch(`${slack.url}/api/chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, ...card }),
  })
  return ((await answer.json()) as { ts: string }).ts
}

async function start({ start, ahead }: Released) {
  const app = await start({ env: { AUDIT_KEY: releasedKey, AHEAD: String(ahead) } })
  await app.ready
  return app
}

/** The update that had been sent when the process was killed: the stack has taken it since. */
function arrives({ stack, around }: Released): void {
  const { uid } = around.tokens.find(({ name }) => name === 'to-settle')!
  stack.edit(uid, { name: 'to-settle-2', description: 'As it was asked for', updated_by: 'blt5c1de000000000b07' })
}

/** Somebody presses a button of its card, which then says so. */
async function act(world: Released, id: number, person: string, action: string, words: string): Promise<void> {
  await press(world, cardOf(world, id), person, action, () => cardOf(world, id).text.includes(words))
}

function isApplied(world: Released, id: number): boolean {
  return cardOf(world, id).text.includes('was applied')
}

function cardOf(world: Released, id: number): Message {
  return cards(world).find(({ text }) => new RegExp(`(?:^|\\. )Change #${id} `).test(text))!
}

async function statuses({ database }: Released): Promise<string[]> {
  const store = openStore(database, undefined, auditKey(releasedKey))
  try {
    return (await store.changes({ most: 99 })).map(({ change }) => change.status).reverse()
  } finally {
    store.close()
  }
}

async function verifies({ database }: Released): Promise<void> {
  const { intact } = await verifyDatabase(database, { current: auditKey(releasedKey), earlier: [] }, [])
  expect(intact).toMatchObject({ holds: true })
}
