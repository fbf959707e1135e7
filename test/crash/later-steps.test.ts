import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { eventually } from '../support/eventually.ts'
import { expectApplied, expectSettled, recordIn, updatesSent } from './checks.ts'
import { approve, ask, cancel, cards, press, takeOver } from './people.ts'
import { channel, createWorld, passOver, slow, type World } from './world.ts'

/** Steps that not every change takes, tested here as `durable-steps.test.ts` tests the others. */
describe.concurrent('an app that is killed just before and just after', slow, () => {
  test('it notes that the stack does not show the update yet is followed by a new look, and one write', async (context) => {
    const world = await createWorld(context)
    world.stack.trouble.lagMs = 3_600_000
    const app = await world.start({ killAt: 'before apply_unseen 1' })
    ask(world)
      .then(() => approve(world))
      .catch(passOver)
    await world.until(() => world.stack.takenUpdates() === 1, 'the update')
    await eventually(() => expect(world.commits()).toContain('write_answered 1'))
    world.passTime()
    await hasDied(world, app)
    await dies(world, 'after apply_unseen 1')
    world.stack.trouble.lagMs = 0
    // The longer ago an update was sent, the later the app looks again for its result.
    passTime(world, 120)
    await ends(world, 'was applied')
    await expectApplied(world)
  })

  test('it puts a change off for an update that may still arrive, and notes that it did, forgets neither', async (context) => {
    const world = await createWorld(context)
    world.stack.trouble.updates = 'arrives late'
    const first = await world.start({ killAt: 'before apply_postponed 1' })
    await ask(world)
    await approve(world)
    await world.until(() => updatesSent(world) === 1, 'the update')
    world.passTime()
    await world.until(() => cardSays(world, 0, 'not applied yet'), 'the change to be given up')
    await cancel(world, cards(world)[0]!, 'U0ALICE', () => cardSays(world, 0, 'was cancelled'))
    await ask(world, { name: 'ci-deploy', description: 'Something else' })
    await world.until(() => cards(world).length === 2, 'the second card')
    const isPutOff = () => cardSays(world, 1, 'was sent to this token')
    press(world, cards(world)[1]!, 'U0BOB', 'approve', isPutOff).catch(passOver)
    await hasDied(world, first)
    await dies(world, 'after apply_postponed 1')
    world.stack.letArrive()
    world.passTime()
    await dies(world, 'before write_arrived 1')
    await dies(world, 'after write_arrived 1')
    passTime(world, 900)
    await ends(world, 'was stopped', 1)
    await expectSettled(world, 'a look showed what it asked for')
    expect(updatesSent(world)).toBe(1)
    expect((await recordIn(world.database, 2))!.change).toMatchObject({ status: 'drifted', by: [1] })
  })

  test('it stops a change of somebody who left, and somebody takes it over, does each once', async (context) => {
    const world = await createWorld(context)
    const first = await world.start({ killAt: 'before askers_barred 1' })
    await ask(world)
    const [card] = await world.until(() => cards(world).length > 0 && cards(world), 'the card')
    await world.slack.admin.changePerson('U0ALICE', { deleted: true })
    await hasDied(world, first)
    await dies(world, 'after askers_barred 1')
    const taken = () => cardSays(world, 0, 'Taken over')
    const takingOver = world
      .until(() => cardSays(world, 0, 'take_over'), 'the button')
      .then(() => takeOver(world, card!, 'U0BOB', taken))
    takingOver.catch(passOver)
    await dies(world, 'before taken_over 1')
    await dies(world, 'after taken_over 1')
    const last = await world.start()
    await takingOver
    await press(world, card!, 'U0CAROL', 'approve', () => cardSays(world, 0, 'was applied'))
    await last.terminate()
    await expectApplied(world)
    expect(await timesIn(world)).toMatchObject({ askers_barred: 1, taken_over: 1 })
  })

  test('it sets a change aside, and takes it up again, does each once', async (context) => {
    const world = await createWorld(context)
    const first = await world.start()
    await ask(world)
    await world.until(() => cards(world).length > 0, 'the card')
    await first.terminate()
    const elsewhere = await settingsOfAnotherStack(world, context)
    await dies(world, 'before set_aside 1', elsewhere)
    await dies(world, 'after set_aside 1', elsewhere)
    await dies(world, 'before set_aside 1')
    await dies(world, 'after set_aside 1')
    const last = await world.start()
    await press(world, cards(world)[0]!, 'U0BOB', 'approve', () => cardSays(world, 0, 'was applied'))
    await last.terminate()
    await expectApplied(world)
    expect(await timesIn(world)).toMatchObject({ set_aside: 2 })
  })
})

type App = Awaited<ReturnType<World['start']>>

async function dies(world: World, killAt: string, env: Record<string, string> = {}): Promise<void> {
  await hasDied(world, await world.start({ killAt, env }))
}

/** The log on disk leads to the stored state. */
async function hasDied(world: World, app: App): Promise<void> {
  expect(await app.exited, app.stdout).toMatchObject({ signal: 'SIGKILL' })
  const keys = { current: null, earlier: [] }
  expect((await verifyDatabase(world.copyOfDatabase(), keys, null)).intact.wrong.first).toEqual([])
  world.passTime()
}

/** Starts the app once more, until a card says so. */
async function ends(world: World, words: string, card = 0): Promise<void> {
  const app = await world.start()
  await world.until(() => cards(world)[card]?.text.includes(words), words)
  expect(await app.terminate()).toEqual({ code: 0, signal: null })
}

function cardSays(world: World, card: number, words: string): boolean {
  return JSON.stringify(cards(world)[card]?.blocks ?? []).includes(words) || !!cards(world)[card]?.text.includes(words)
}

function passTime(world: World, seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 30) world.passTime()
}

async function timesIn({ database }: World): Promise<Record<string, number>> {
  const { events } = (await recordIn(database))!
  return Object.fromEntries(events.map(({ type }) => [type, events.filter((event) => event.type === type).length]))
}

async function settingsOfAnotherStack({ folder }: World, { onTestFinished }: Parameters<typeof createWorld>[0]) {
  const { apiKey: api_key, url: base_url, stop } = await startStack({ title: 'Shop', apiKey: 'blt5c1de0000000050f' })
  onTestFinished(stop)
  const path = join(folder, 'elsewhere.yaml')
  const shop = { name: 'shop', api_key, base_url, approvers: ['U0BOB', 'U0CAROL'] }
  writeFileSync(path, stringify({ channel, stacks: [shop] }))
  return { COUNTERSIGN_CONFIG: path }
}
