import { existsSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type AuditKey, auditKey } from '../../src/domain/audit/chain.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { version } from '../../src/version.ts'
import { canConnect, freePort } from '../support/port.ts'
import { startProcess } from '../support/process.ts'
import { hiddenPlace, startProxy } from '../support/proxy.ts'
import { expectApplied } from './checks.ts'
import { ask, cards, insist, isOver, told } from './people.ts'
import { createWorld, slow, type World } from './world.ts'

describe.concurrent('stopped by a supervisor', slow, () => {
  test('in the middle of an apply, the app finishes it, shows it, and ends with 0', async (context) => {
    const world = await createWorld(context)
    const app = await world.start()
    let stopping: Promise<unknown> | undefined
    world.stack.hooks.beforeTaking = () => {
      stopping = app.terminate()
    }
    await insist(world)
    await world.until(() => stopping, 'the update')
    expect(await stopping).toEqual({ code: 0, signal: null })
    expect(isOver(world, 'was applied')).toBe(true)
    await expectApplied(world)
    expect(await typesIn(world)).toEqual([
      ...start,
      'proposed',
      'approved',
      'apply_started',
      'write_answered',
      'applied',
      'stopped',
    ])
    expect(world.slack.connections).toBe(0)
  })

  test('while a card is being posted, the app notes where it is, and ends with 0', async (context) => {
    const world = await createWorld(context)
    const { slack } = world
    const app = await world.start()
    await app.ready
    const posting = () => slack.calls.find(({ method, status }) => method === 'chat.postMessage' && status === 0)
    const stop = slack.onChange(() => {
      if (!posting()) return
      stop()
      stopping.resolve(app.terminate())
    })
    const stopping = Promise.withResolvers<unknown>()
    slack.trouble.slowMs = 200
    await ask(world)
    expect(await stopping.promise).toEqual({ code: 0, signal: null })
    expect([cards(world).length, told(world, 'is waiting')]).toEqual([1, 1])
    const store = openStore(world.database)
    expect((await store.get(1)).card?.ts).toBe(cards(world)[0]!.ts)
    expect(await store.unfinished(new Date().toISOString())).toEqual([])
    store.close()
  })
})

describe.concurrent('stopped while Slack answers nothing, the app', slow, () => {
  test('gives up messages that only inform people, says what and who was not told, ends with 0, and catches up when it is started again', async (context) => {
    const world = await createWorld(context)
    const { slack } = world
    const app = await world.start()
    await app.ready
    await ask(world)
    await world.until(() => cards(world).length === 1 && told(world, 'is waiting') === 1, 'the card')
    slack.trouble.held = ['chat.update', 'chat.postMessage', 'views.open', 'views.publish', 'auth.test']
    const [card] = cards(world)
    void slack.as('U0BOB').press(card!, 'approve')
    void slack.as('U0ALICE').command('/token edit ci-deploy')
    const held = (method: string) => slack.calls.some((call) => call.method === method && call.status === 0)
    await world.until(() => world.stack.takenUpdates() === 1 && held('chat.update') && held('views.open'), 'the calls')
    const before = app.stdout.length
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    const lines = app.stdout.slice(before).trim().split('\n')
    const said = lines.map((line) => JSON.parse(line)).filter(({ level }) => level > 30)
    expect(said.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^Slack did not answer these calls, .* The next start catches up/),
    ])
    expect(app.stdout).toMatch(
      /What U0ALICE did \(\/token edit\) [^"]*, but they could not be told \(Countersign is stopping\)\./,
    )
    expect(said[0].calls).toEqual(expect.arrayContaining(['chat.update', 'views.open']))
    expect(await typesIn(world)).toEqual(expect.arrayContaining(['approved', 'write_answered', 'stopped']))
    slack.trouble.held = []
    const again = await world.start()
    await world.until(() => isOver(world, 'was applied'), 'the outcome')
    expect(await again.terminate()).toEqual({ code: 0, signal: null })
    await expectApplied(world)
  })

  test('does not wait for ever for a stack either, and says so, on /health too', async (context) => {
    const world = await createWorld(context)
    const port = String(await freePort())
    const app = await world.start({ env: { HEALTH_PORT: port } })
    await app.ready
    const answered = Promise.withResolvers<void>()
    context.onTestFinished(() => answered.resolve())
    const asked = Promise.withResolvers<void>()
    world.stack.hooks.beforeTaking = () => {
      asked.resolve()
      return answered.promise
    }
    const insisting = insist(world)
    await asked.promise
    const ended = app.terminate()
    await app.says(/SIGTERM: stopping/)
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect([health.status, await health.json()]).toEqual([503, { status: 'stopping', version }])
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(app.stdout).toMatch(/Something under way took too long, .* The next start catches up/)
    expect((await typesIn(world)).slice(-2)).toEqual(['apply_started', 'stopped'])
    await insisting
  })
})

describe.concurrent('behind an egress proxy', slow, () => {
  test.for([{ NODE_USE_ENV_PROXY: '1' }, { NODE_OPTIONS: '--use-env-proxy' }])(
    'everything that is for Slack goes through it, and what needs none does not: %j',
    async (switchedOn, context) => {
      const { name, slack, places } = await hiddenPlace()
      const proxy = await startProxy(places)
      context.onTestFinished(() => proxy.stop())
      const world = await createWorld(context, { slack })
      const { host } = new URL(world.stack.url)
      const app = await world.start({ env: { ...switchedOn, HTTP_PROXY: proxy.url, NO_PROXY: host } })
      await app.ready
      expect((await world.slack.as('U0ALICE').command('/token help')).outcome).toBe('acked')
      expect(await app.terminate()).toEqual({ code: 0, signal: null })
      expect(new Set(proxy.passed)).toEqual(new Set([`CONNECT ${name}`]))
      expect(world.stack.requests).not.toEqual([])
    },
  )
})

describe.concurrent('stopped while it starts, the app ends with 0 and has nothing to complain of', slow, () => {
  const asked = ({ slack }: World, method: string) => slack.calls.filter((call) => call.method === method)
  const address = 'apps.connections.open'
  const stages: readonly [string, (world: World) => void, (world: World) => boolean][] = [
    [
      'while Slack does not answer',
      ({ slack }) => Object.assign(slack.trouble, { slowMs: 60_000 }),
      (world) => asked(world, 'auth.test').length > 0,
    ],
    [
      'while the stack does not answer',
      ({ stack }) => Object.assign(stack.trouble, { slowMs: 60_000 }),
      ({ stack }) => stack.requests.length > 0,
    ],
    [
      'while its connection to Slack is being opened',
      ({ slack }) => Object.assign(slack.trouble, { silentUpgrades: true }),
      (world) => asked(world, address).filter(({ status }) => status === 200).length > 1,
    ],
    [
      'while it waits for the next try to open one',
      ({ slack }) => Object.assign(slack.trouble.fail, { [address]: 'internal_error' }),
      (world) => asked(world, address).length > 2,
    ],
  ]
  test.for(stages)('%s', async ([, trouble, isReached], context) => {
    const world = await createWorld(context)
    trouble(world)
    const app = await world.start()
    await world.until(() => isReached(world), 'the start to get there')
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    expect([app.stderr, app.stdout.includes('"level":60'), world.slack.connections]).toEqual(['', false, 0])
  })

  test('while Slack does not say who may ask for the changes that are open', async (context) => {
    const world = await createWorld(context)
    const { slack } = world
    const before = await world.start()
    await before.ready
    await ask(world)
    await world.until(() => cards(world).length === 1 && told(world, 'is waiting') === 1, 'the card')
    await before.terminate()
    slack.clear()
    const people = () => asked(world, 'users.info')
    const isOpen = () => people().some(({ status }) => status === 0)
    context.onTestFinished(
      slack.onChange(() => {
        if (people().filter(({ status }) => status === 200).length >= 2) slack.trouble.held = ['users.info']
      }),
    )
    const app = await world.start()
    await world.until(() => slack.trouble.held.length > 0 && isOpen(), 'the question')
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    expect([app.stderr, app.stdout.includes('"level":60'), app.stdout.includes('ready')]).toEqual(['', false, false])
    expect((await typesIn(world)).at(-1)).toBe('stopped')
  })

  test('while its program loads', async (context) => {
    const world = await createWorld(context)
    // The first module that it loads replaces Node's `fetch` with its own. A signal by itself may come when everything
    // is loaded.
    const meanwhile = `Object.defineProperty(globalThis, 'fetch', { configurable: true, set: (value) => {
      Object.defineProperty(globalThis, 'fetch', { value })
      process.emit('SIGTERM', 'SIGTERM')
    } })`
    const app = await world.start({ env: { NODE_OPTIONS: preloaded(meanwhile) } })
    expect(await app.exited).toEqual({ code: 0, signal: null })
    expect([app.stderr, world.slack.connections]).toEqual(['', 0])
    expect(app.stdout).toContain('SIGTERM: stopping')
  })
})

describe.concurrent('before it has anything to do, the app', slow, () => {
  test('ends with 1 and lists all settings that are missing', async ({ onTestFinished }) => {
    const app = await startProcess({ env: {} })
    onTestFinished(() => void app.kill())
    expect(await app.exited).toEqual({ code: 1, signal: null })
    const names = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'COUNTERSIGN_CONFIG', 'CONTENTSTACK_AUTHTOKEN']
    expect(names.filter((name) => !app.stderr.includes(`- ${name} is missing: `))).toEqual([])
    expect(app.stdout).toBe('')
  })

  test('ends with 1 when the log was written with another AUDIT_KEY, says what to do, and records nothing', async (context) => {
    const world = await createWorld(context)
    const [first, second] = ['the key that the log is written with', 'a key that somebody mistyped, perhaps']
    const keyed = await world.start({ env: { AUDIT_KEY: first } })
    await keyed.ready
    await keyed.terminate()
    const before = await typesIn(world, auditKey(first))
    const without = await world.start()
    expect(await without.exited).toEqual({ code: 1, signal: null })
    expect(without.stderr).toMatch(/AUDIT_KEY is not set\. Set it as before/)
    const mistyped = await world.start({ env: { AUDIT_KEY: second } })
    expect(await mistyped.exited).toEqual({ code: 1, signal: null })
    expect(mistyped.stderr).toMatch(/was not written with AUDIT_KEY/)
    expect(await typesIn(world, auditKey(first))).toEqual(before)
    const turned = await world.start({ env: { AUDIT_KEY: second, AUDIT_KEY_PREVIOUS: first } })
    await turned.ready
    await turned.terminate()
  })

  test.for([
    [
      'SLACK_BOT_TOKEN',
      'xoxb-wrong',
      /Slack does not accept the app's token for auth\.test \(invalid_auth\): check SLACK_BOT_TOKEN/,
    ],
    [
      'SLACK_APP_TOKEN',
      'xapp-wrong',
      /Slack does not accept the token \(invalid_auth\): check SLACK_APP_TOKEN.*Nothing was opened/,
    ],
    ['CONTENTSTACK_AUTHTOKEN', 'wrong', /doesn't accept the authtoken for "website".* log in to Contentstack again/],
  ] as const)(
    'ends with 1 when %s is wrong, says so, takes nothing from Slack and makes no database',
    async ([name, value, words], context) => {
      const world = await createWorld(context)
      const app = await world.start({ env: { [name]: value } })
      expect(await app.exited).toEqual({ code: 1, signal: null })
      expect(app.stderr).toMatch(words)
      expect(app.stderr + app.stdout).not.toContain(value)
      expect(app.stdout).not.toContain('ready')
      expect(world.slack.connections).toBe(0)
      expect(existsSync(world.database)).toBe(false)
    },
  )

  test("contains the HTTP client of its socket client, and does not load Node's beside it", async (context) => {
    const world = await createWorld(context)
    const loaded =
      "process.on('exit', () => console.log('loaded', process.moduleLoadList.filter((name) => /undici/.test(name))))"
    const app = await world.start({
      env: { NODE_OPTIONS: preloaded(loaded) },
    })
    await app.ready
    await app.terminate()
    expect(app.stdout).toContain('loaded []\n')
  })

  test('says at once everything that Slack and the stack do not accept', async (context) => {
    const world = await createWorld(context)
    const app = await world.start({ env: { SLACK_BOT_TOKEN: 'xoxb-wrong', CONTENTSTACK_AUTHTOKEN: 'wrong' } })
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^Slack does not accept the app's token.*check SLACK_BOT_TOKEN/),
      expect.stringMatching(/^Contentstack doesn't accept the authtoken for "website"/),
    ])
  })

  test('waits while Slack and the stack are down, says for what, and starts once both are back', async (context) => {
    const world = await createWorld(context)
    world.slack.trouble.inPlace = { 'auth.test': 'html' }
    world.stack.trouble.down = true
    const port = String(await freePort())
    const app = await world.start({ env: { HEALTH_PORT: port } })
    const health = async () => (await fetch(`http://127.0.0.1:${port}/health`)).json()
    const waits = await app.says(/"waitsFor":.*it waits, and tries again in \d+ s/)
    expect(waits).toMatch(/Slack gave no answer to auth\.test: .* answered with something that is not JSON/)
    expect(waits).toMatch(/The stack \\"website\\" can't be reached right now/)
    expect(waits).not.toContain('DOCTYPE')
    expect(await health()).toMatchObject({ status: 'starting', waitsFor: JSON.parse(waits).waitsFor })
    expect(existsSync(world.database)).toBe(false)
    world.slack.trouble.inPlace = {}
    world.stack.trouble.down = false
    await app.ready
    await app.terminate()
    expect(await typesIn(world)).toEqual([...start, 'stopped'])
  })

  test('ends with 0 and without a trace if it is stopped while it waits for Slack', async (context) => {
    const world = await createWorld(context)
    const away = await world.start({ env: { SLACK_API_URL: `http://127.0.0.1:${await freePort()}/api/` } })
    expect(await away.says(/it waits/)).toMatch(
      /the connection to 127\.0\.0\.1:\d+ failed \(ECONNREFUSED at 127\.0\.0\.1:\d+\)/,
    )
    expect(await away.terminate()).toEqual({ code: 0, signal: null })
    expect(away.stderr).toBe('')
  })

  test('refuses at once what waiting does not help, though Slack is down as well', async (context) => {
    const world = await createWorld(context)
    world.slack.trouble.down = true
    const app = await world.start({ env: { CONTENTSTACK_AUTHTOKEN: 'wrong' } })
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.stderr).toMatch(/doesn't accept the authtoken for "website"/)
  })

  test('says that it has not started when it cannot write its database, and what to do', async (context) => {
    const world = await createWorld(context)
    openStore(world.database).close()
    const full =
      "process.getBuiltinModule('child_process').execFileSync('prlimit', ['--fsize=1', '--pid', process.pid])"
    const app = await world.start({ env: { NODE_OPTIONS: preloaded(full) } })
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.stderr).toBe(
      `Countersign has not started, since it can't use its database ${world.database}: the disk failed. ` +
        'To start it, check what the system says about its disk. Then start it again.\n',
    )
    expect(app.stdout).not.toMatch(/read-only/)
  })

  test('says what to do about a file that is not a database', async (context) => {
    const world = await createWorld(context)
    writeFileSync(world.database, 'a shopping list, long enough to hold a header of its own\n'.repeat(20))
    const app = await world.start()
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.stderr).toMatch(
      /^Countersign has not started, .*countersign\.db: the file is not a database.* check the path in COUNTERSIGN_DB/,
    )
  })

  test('says in words that a port is taken', async (context) => {
    const world = await createWorld(context)
    const port = String(await freePort())
    const running = await world.start({ env: { HEALTH_PORT: port } })
    await running.ready
    const second = await world.start({ env: { HEALTH_PORT: port } })
    expect(await second.exited).toEqual({ code: 1, signal: null })
    expect(second.stderr).toBe(
      `Port ${port} is taken by another program, so Countersign can't listen there: stop that program, or give another PORT or HEALTH_PORT.\n`,
    )
  })

  test('listens to nobody over HTTP when a credential is wrong', async (context) => {
    const world = await createWorld(context)
    const port = await freePort()
    const http = { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: world.slack.signingSecret, PORT: String(port) }
    const app = await world.start({ env: { ...http, CONTENTSTACK_AUTHTOKEN: 'wrong' } })
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(await canConnect(port)).toBe(false)
    expect(existsSync(world.database)).toBe(false)
  })

  test('starts again on a file whose tables it was making when it died', async (context) => {
    const world = await createWorld(context)
    // Just before the others, the file is as just after the one before.
    for (const killAt of ['before tables 1', 'after tables 1', 'after tables 2', 'after tables 3'])
      expect(await (await world.start({ killAt })).exited).toMatchObject({ signal: 'SIGKILL' })
    const app = await world.start()
    await app.ready
    await app.terminate()
    expect(await typesIn(world)).toEqual([...start, 'stopped'])
  })
})

/** The entries that every first start writes. */
const start = ['started', 'policy_loaded', 'settings_changed', 'stacks_known']

/** For NODE_OPTIONS: runs `script` in the process before the app. */
function preloaded(script: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(script)}`
}

async function typesIn({ database }: World, key: AuditKey = null): Promise<string[]> {
  const store = openStore(database, undefined, key)
  const events = await store.events()
  store.close()
  return events.map(({ event }) => event.type)
}
