import { describe, expect, test } from 'vitest'
import { expectApplied } from './checks.ts'
import { approve, ask, cards, insist, pressStrays, saysApplied, untilApplied } from './people.ts'
import { createWorld, slow, type World } from './world.ts'

describe.concurrent('when Slack', slow, () => {
  test('is down while the change is applied, the outcome stands, and the card says so once Slack is back', async (context) => {
    const world = await createWorld(context)
    const { slack, stack } = world
    const app = await world.start()
    stack.hooks.beforeTaking = () => {
      slack.trouble.down = true
    }
    const insisting = insist(world)
    await world.until(() => slack.calls.some(({ status }) => status === 503), 'a call that Slack does not answer')
    expect(stack.takenUpdates()).toBe(1)

    slack.trouble.down = false
    await insisting
    await untilApplied(world)
    await app.terminate()
    await expectApplied(world)
    expect(cards(world)).toHaveLength(1)
  })

  test('is down while the change is applied and the app dies, the outcome is shown all the same', async (context) => {
    const world = await createWorld(context)
    const { slack, stack } = world
    const first = await world.start()
    stack.hooks.beforeTaking = () => {
      slack.trouble.down = true
    }
    const insisting = insist(world)
    await world.until(() => slack.calls.some(({ status }) => status === 503), 'a call that Slack does not answer')
    await first.kill()
    const withoutSlack = await world.start()
    await withoutSlack.says(/Countersign has not started yet/)
    await withoutSlack.terminate()

    slack.trouble.down = false
    const third = await world.start()
    await third.ready
    world.passTime()
    await insisting
    await untilApplied(world)
    await third.terminate()
    await expectApplied(world)
  })

  test('takes a card but its answer is lost, the card is found again where the app may look', async (context) => {
    const world = await createWorld(context)
    world.slack.scopes.add('channels:history')
    await runLosingTheFirstAnswer(world)
    await expectApplied(world)
    expect(cards(world)).toHaveLength(1)
  })

  test('takes a card but its answer is lost, and the app may not look, a click on that card counts, and both end up right', async (context) => {
    const world = await createWorld(context)
    await runLosingTheFirstAnswer(world)
    await expectApplied(world)
    expect(new Set(cards(world).map(saysApplied))).toEqual(new Set([true]))
  })

  test('takes a card and the app dies before it knows, the card is found again where the app may look', async (context) => {
    const world = await createWorld(context)
    world.slack.scopes.add('channels:history')
    await runDyingBeforeTheCardIsKnown(world)
    await expectApplied(world)
    expect(cards(world)).toHaveLength(1)
  })

  test('takes a card and the app dies before it knows, and may not look, that card decides nothing twice', async (context) => {
    const world = await createWorld(context)
    await runDyingBeforeTheCardIsKnown(world, () => pressStrays(world))
    await expectApplied(world)
    expect(new Set(cards(world).map(saysApplied))).toEqual(new Set([true]))
  })

  test('sends the same form and the same click twice, there is one change, applied once', async (context) => {
    const world = await createWorld(context)
    const { slack } = world
    const app = await world.start()
    await ask(world)
    await slack.redeliver(slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!)
    await approve(world)
    await slack.redeliver(slack.deliveries.find(({ kind }) => kind === 'block_actions')!)
    await untilApplied(world)
    await app.terminate()
    await expectApplied(world)
    expect(cards(world)).toHaveLength(1)
  })
})

async function runLosingTheFirstAnswer(world: World): Promise<void> {
  const { slack } = world
  slack.trouble.loseAnswers.push('chat.postMessage')
  const stop = slack.onChange(() => {
    if (!slack.calls.some(({ method, answer }) => method === 'chat.postMessage' && answer !== null)) return
    stop()
    slack.trouble.loseAnswers.length = 0
  })
  const app = await world.start()
  await insist(world)
  await untilApplied(world)
  await app.terminate()
}

async function runDyingBeforeTheCardIsKnown(world: World, afterwards = async () => {}): Promise<void> {
  const first = await world.start({ killAt: 'before card_channel 1' })
  const insisting = insist(world)
  await first.exited
  const second = await world.start()
  await second.ready
  world.passTime()
  await insisting
  await untilApplied(world)
  await afterwards()
  await second.terminate()
}
