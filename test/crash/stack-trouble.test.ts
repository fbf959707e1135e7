import { describe, expect, test } from 'vitest'
import { expectApplied, expectEnded, expectSettled, updatesSent } from './checks.ts'
import { cards, insist, isOver, wanted } from './people.ts'
import { createWorld, impatient, merging, replacing, slow, type World } from './world.ts'

const tooMany = { status: 429, body: { error_message: 'Too many requests', error_code: 429 } }
const refusal = {
  status: 422,
  body: { error_message: 'Update failed.', error_code: 141, errors: { name: ['is taken.'] } },
}

describe.concurrent('a stack', slow, () => {
  test.for([
    ['take, then never answer', replacing],
    ['take, then close the socket', merging],
    ['take, then 500', replacing],
  ] as const)(
    'that is told to %s gets the update once, and the change is applied',
    async ([trouble, behaviour], context) => {
      const world = await createWorld(context, { behaviour, timing: impatient })
      world.stack.trouble.updates = trouble
      await runUntil(world, 'was applied')
      await expectApplied(world)
    },
  )

  test('whose connection breaks before it got the update gets it again, once the lease is over', async (context) => {
    const world = await createWorld(context, { behaviour: merging })
    world.stack.trouble.updates = 'never arrives'
    await runUntil(world, 'was applied', async () => {
      await world.until(() => updatesSent(world) === 1, 'the update')
      world.passTime()
      await world.until(() => cardSays(world, 'no update was seen to arrive'), 'the change to be given up')
      expect(updatesSent(world)).toBe(1)
      world.stack.trouble.updates = 'ok'
      world.passTime()
    })
    await expectApplied(world, { sent: 2 })
  })

  test('that has too many requests gets the update again, later', async (context) => {
    const world = await createWorld(context, { behaviour: replacing })
    world.stack.trouble.refuse = tooMany
    await runUntil(world, 'was applied', async () => {
      await world.until(() => cardSays(world, 'too many requests'), 'the change to be put off')
      expect(updatesSent(world)).toBe(1)
      world.stack.trouble.refuse = null
      world.passTime()
    })
    await expectApplied(world, { sent: 2 })
  })

  test('that refuses the update is asked once, and the card and Alice have its words', async (context) => {
    const world = await createWorld(context, { behaviour: merging })
    world.stack.trouble.refuse = refusal
    await runUntil(world, 'failed')
    await expectUntouched(world, 'failed')
    expect(cardSays(world, 'name is taken')).toBe(true)
    expect(JSON.stringify(world.slack.as('U0ALICE').messages('dm').at(-1))).toContain('name is taken')
    expect(updatesSent(world)).toBe(1)
  })

  test('that says it took everything but kept a field is not believed: the change fails, and names the field', async (context) => {
    const world = await createWorld(context, { behaviour: merging })
    Object.assign(world.stack.trouble, { updates: 'drop fields', droppedFields: ['description'] })
    await runUntil(world, 'failed')
    const { change } = await expectEnded(world, 'failed')
    expect(change).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('Description (still Deploys from CI)'),
    })
    expect(cardSays(world, 'Description (still Deploys from CI)')).toBe(true)
    expect(updatesSent(world)).toBe(1)
  })

  test('where the token was edited by hand meanwhile keeps that edit, and the card shows both', async (context) => {
    const world = await createWorld(context, { behaviour: replacing })
    const description = 'Edited by hand'
    const stop = world.slack.onChange(() => {
      if (cards(world).length === 0) return
      stop()
      world.stack.edit(world.tokenBefore.uid, { description })
    })
    await runUntil(world, 'was stopped')
    const { change } = await expectSettled(world, 'was stopped')
    expect(change).toMatchObject({ status: 'drifted', live: { name: 'ci-deploy', description } })
    expect(world.stack.token(world.tokenBefore.uid)).toMatchObject({ name: 'ci-deploy', description })
    expect(updatesSent(world)).toBe(0)
    expect([cardSays(world, description), cardSays(world, wanted.description)]).toEqual([true, true])
  })
})

/** One change, from Alice's command to the words at its end; then the app is stopped. */
async function runUntil(world: World, words: string, meanwhile = async () => {}): Promise<void> {
  const app = await world.start()
  const insisting = insist(world)
  await meanwhile()
  await insisting
  await world.until(() => isOver(world, words), words)
  expect(await app.terminate()).toEqual({ code: 0, signal: null })
}

async function expectUntouched(world: World, words: string): Promise<void> {
  await expectEnded(world, words)
  expect(world.stack.takenUpdates()).toBe(0)
  expect(world.stack.token(world.tokenBefore.uid)).toEqual(world.tokenBefore)
}

function cardSays(world: World, words: string): boolean {
  return cards(world).some(({ blocks }) => JSON.stringify(blocks).includes(words))
}
