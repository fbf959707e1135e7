import { readdirSync, readlinkSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { App } from '@slack/bolt'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { LogReads } from '../../src/ports/log.ts'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import { lock } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { startWorld, transports } from '../support/journey.ts'
import { freePort } from '../support/port.ts'
import { bob, carol, dave } from '../support/world.ts'

const newName = { name: 'CI' }

describe.each(transports)('settings that are read again while the app runs, over %s', (transport) => {
  test('rule open changes anew, show that on their cards, and are noted in the log', async () => {
    const { alice, bob: approver, slack, stack, reloads, audit, store } = await startWorld({ transport })
    const card = await alice.asksFor('ci-deploy', newName)
    await reloads({ approvers: [carol, dave], approvals: 2 })
    await slack.waitFor(() => approver.readsCard(card).includes('current policy'), 'the card under the new policy')
    await approver.approves(approver.card(card))
    await slack.waitFor(
      () => approver.readsCard(card).includes('✓'),
      'the approval under the policy it was asked under',
    )
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit()).toEqual(['app started', 'U0ALICE proposed', 'app ruled_anew', 'U0BOB approved'])
    expect(await loaded(store)).toHaveLength(2)
  })

  test('ask for more than the approvals that were there already', async () => {
    const world = await startWorld({ transport, config: { approvers: [bob, carol], approvals: 2 } })
    const { alice, bob: approver, carol: other, dave: third, slack, stack, reloads } = world
    const card = await alice.asksFor('ci-deploy', newName)
    await approver.approves(card)
    await slack.waitFor(() => approver.readsCard(card).includes('1 more approval'), 'the first approval')
    await reloads({ approvers: [carol, dave], approvals: 2 })
    await other.approves(other.card(card))
    await slack.waitFor(() => other.readsCard(card).includes('approved by @U0CAROL'), 'the other approval')
    expect(stack.takenUpdates()).toBe(0)
    await third.approves(third.card(card))
    await slack.waitFor(() => /was applied/.test(third.card(card).text), 'the outcome')
  })

  test('bring another stack, whose tokens can be asked for at once', async () => {
    const { alice, bob: approver, slack, reloads } = await startWorld({ transport })
    const tokens = exampleTokens().map((token) => ({ ...token, name: `shop-${token.name}` }))
    const shop = await startStack({ title: 'Shop', apiKey: 'bltshop', tokens })
    onTestFinished(() => shop.stop())
    await reloads({}, [{ name: 'shop', api_key: shop.apiKey, base_url: shop.url }])
    const card = await alice.asksFor('shop-ci-deploy', newName)
    await approver.approves(card)
    await slack.waitFor(() => /was applied/.test(approver.card(card).text), 'the outcome')
    expect(shop.takenUpdates()).toBe(1)
  })

  test('move the cards of open changes to another channel', async () => {
    const { alice, slack, reloads, store } = await startWorld({ transport })
    await alice.asksFor('ci-deploy', newName)
    const [other] = slack.see(bob).conversations.filter(({ id }) => id.startsWith('C') && id !== 'C0APPROVALS')
    await reloads({ channel: other!.id })
    await slack.waitFor(async () => (await store.get(1)).card?.channel === other!.id, 'the card in the other channel')
  })

  test('take what somebody does while they are being read, exactly once', async () => {
    const { alice, bob: approver, slack, stack, reloads, audit } = await startWorld({ transport })
    const card = await alice.asksFor('ci-deploy', newName)
    const reloading = reloads({ approvers: [bob, carol], requests_per_second: 500 })
    await approver.approves(card)
    await reloading
    await slack.waitFor(() => /was applied/.test(approver.card(card).text), 'the outcome')
    expect(stack.takenUpdates()).toBe(1)
    expect((await audit(1)).filter((one) => one === 'U0BOB approved')).toHaveLength(1)
  })

  test('leave an update that is under way to finish, and it is written once', async () => {
    const { alice, bob: approver, slack, stack, reloads, audit } = await startWorld({ transport })
    const card = await alice.asksFor('ci-deploy', newName)
    const answered = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    stack.hooks.beforeTaking = () => {
      asked.resolve()
      return answered.promise
    }
    await approver.approves(card)
    await asked.promise
    const reloading = reloads({ approvers: [carol, dave] })
    await slack.waitFor(async () => (await audit()).length > 0, 'the log')
    answered.resolve()
    await reloading
    await slack.waitFor(() => /was applied/.test(approver.card(card).text), 'the outcome')
    expect(stack.takenUpdates()).toBe(1)
    expect(await audit(1)).toEqual([
      'U0ALICE proposed',
      'U0BOB approved',
      'app apply_started',
      'app write_answered',
      'app applied',
    ])
  })
})

test('settings that Slack or a stack cannot be asked about are refused at once, and taken when both answer', async () => {
  const { alice, bob: approver, slack, stack, reloads } = await startWorld({ transport: 'socket' })
  stack.trouble.down = true
  await expect(reloads({ approvers: [carol] })).rejects.toThrow('The stack "website" can\'t be reached right now')
  stack.trouble.down = false
  slack.trouble.fail['auth.test'] = 'internal_error'
  await expect(reloads({ approvers: [carol] })).rejects.toThrow('internal_error')
  delete slack.trouble.fail['auth.test']
  const card = await alice.asksFor('ci-deploy', newName)
  expect(approver.readsCard(card)).toContain('@U0BOB')
  await reloads({ approvers: [carol] })
  await slack.waitFor(() => approver.readsCard(card).includes('current policy'), 'the card under the new policy')
})

test('settings that cannot be noted in the log are refused, leave nothing open, and can be taken later', async () => {
  const { reloads, config, store } = await startWorld({ transport: 'socket' })
  const unlock = await lock(config.database)
  // An error keeps what it came from.
  const said = await reloads({ approvers: [carol] }).catch(({ message }: Error) => message)
  expect(said).toContain("it can't write its log")
  await unlock()
  // SQLite keeps the file open for the next connection.
  const after = left(config.database)
  await onlyOneAppIsLeft()
  await reloads({ approvers: [carol] })
  expect([(await loaded(store)).length, left(config.database)]).toEqual([2, after])
})

describe('settings that are read again many times', () => {
  test('leave nothing behind, and /health and /metrics go on as they were', async () => {
    const port = await freePort()
    const world = await startWorld({ transport: 'socket', env: { HEALTH_PORT: String(port) } })
    const { alice, reloads, config, slack } = world
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}/${path}`)).text()
    await alice.asksFor('ci-deploy', newName)
    const before = await get('metrics')
    const rounds = async (times: number) => {
      for (let i = 0; i < times; i++) {
        await reloads({ requests_per_second: 900 + i })
        expect(JSON.parse(await get('health')).status).toBe('ok')
      }
      return left(config.database)
    }
    const first = await rounds(3)
    expect(await rounds(17)).toEqual(first)
    await onlyOneAppIsLeft()
    expect(world.logs.filter((line) => JSON.parse(line).level >= 50)).toEqual([])
    expect(slack.connections).toBeLessThanOrEqual(2)
    world.passes(6)
    const after = await get('metrics')
    for (const name of [
      'countersign_slack_deliveries_total',
      'countersign_slack_acks_total',
      'countersign_changes_asked_total',
    ])
      expect(shownIn(after, name)).toBeGreaterThanOrEqual(shownIn(before, name))
    expect(shownIn(after, 'countersign_slack_deliveries_total')).toBeGreaterThan(0)
  })
})

function shownIn(metrics: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'm').exec(metrics)?.[1])
}

async function loaded(store: Pick<LogReads, 'events'>) {
  return (await store.events()).filter(({ event }) => event.type === 'policy_loaded')
}

/** Open files of the app, and listeners of its process. */
function left(database: string) {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
  return {
    files: files.filter((file) => file.startsWith(database)).length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  }
}

/** Bolt's apps of the test. */
let apps: WeakRef<App>[] = []
beforeEach(() => {
  apps = []
  const { init } = App.prototype
  App.prototype.init = function () {
    apps.push(new WeakRef(this))
    return init.call(this)
  }
  return () => void Object.assign(App.prototype, { init })
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Resolves once nothing holds on to any app but one, of those that the test has made. */
async function onlyOneAppIsLeft(): Promise<void> {
  expect(apps.length).toBeGreaterThan(1)
  await eventually(() => {
    collectGarbage()
    expect(apps.filter((app) => app.deref()).length).toBe(1)
  })
}
