import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/port.ts'
import { postgresWithTables } from '../support/postgres.ts'
import { runCommand } from '../support/process.ts'
import { expectApplied } from './checks.ts'
import { ask, cards, insist, isOver } from './people.ts'
import { createWorld, slow, type World } from './world.ts'

type File = { stacks: Record<string, unknown>[]; [setting: string]: unknown }

/** Writes the settings of the world otherwise. */
function rewrite({ env }: World, change: (file: File) => File): void {
  const path = env.COUNTERSIGN_CONFIG!
  writeFileSync(path, stringify(change(parse(readFileSync(path, 'utf8')) as File)))
}

const approvedBy =
  (...approvers: string[]) =>
  (file: File): File => ({
    ...file,
    stacks: file.stacks.map((stack) => ({ ...stack, approvers, approvals: approvers.length })),
  })

const reload = ({ env }: World) => runCommand(['reload'], env)

/** Lines of the log, once it says this. */
const inForce = /read again, and are in force/

describe.concurrent('told to read its settings again, the app', slow, () => {
  test('rules an open change anew after SIGHUP, and applies it only when enough have approved under both policies', async (context) => {
    const world = await createWorld(context)
    const app = await world.start()
    await app.ready
    await ask(world)
    await world.until(() => cards(world).length === 1, 'the card')
    rewrite(world, approvedBy('U0BOB', 'U0CAROL'))
    app.signal('SIGHUP')
    await app.says(inForce)
    await world.until(() => JSON.stringify(cards(world)).includes('current policy'), 'the card under the new policy')
    await world.slack.as('U0BOB').press(cards(world)[0]!, 'approve')
    await world.until(
      () => JSON.stringify(cards(world)).includes('✓') || JSON.stringify(cards(world)).includes('approved by'),
      'the first approval',
    )
    expect(world.stack.takenUpdates()).toBe(0)
    await world.slack.as('U0CAROL').press(cards(world)[0]!, 'approve')
    await world.until(() => isOver(world, 'was applied'), 'the outcome')
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    await expectApplied(world)
  })

  test('says at the terminal that asked what has changed, or each mistake, and keeps the settings that it had', async (context) => {
    const world = await createWorld(context)
    const app = await world.start()
    await app.ready
    expect(await reload(world)).toEqual({ code: 0, out: 'Nothing has changed.\n', err: '' })
    rewrite(world, approvedBy('U0BOB', 'U0CAROL'))
    expect(await reload(world)).toEqual({
      code: 0,
      out: 'In the policy of "website", the rule "approvers" was changed.\nThese settings are in force.\n',
      err: '',
    })
    rewrite(world, (file) => ({ ...file, chanel: 'C0', timing: { sweep: -1 } }))
    const refused = await reload(world)
    expect([refused.code, refused.out]).toEqual([1, ''])
    const lines = refused.err.trim().split('\n')
    expect(lines).toEqual([
      expect.stringContaining('timing.sweep'),
      expect.stringContaining('chanel: there is no such setting'),
      'Countersign goes on with the settings that it had.',
    ])
    for (const line of lines.slice(0, -1)) expect(app.stdout).toContain(JSON.stringify(line))
    const path = world.env.COUNTERSIGN_CONFIG!
    for (const [text, words] of [
      ['', 'has nothing in it: write the settings into it'],
      ['stacks: []', 'stacks: list at least one stack here'],
    ] as const) {
      writeFileSync(path, text)
      const { code, err } = await reload(world)
      expect([code, err.trim().split('\n')]).toEqual([1, [expect.stringContaining(words), lines.at(-1)]])
    }
    await app.terminate()
    expect(desks(world)).toEqual([])
  })

  test('keeps the settings that it had if the file ends too early, and takes them if that is meant', async (context) => {
    const rules = [{ name: 'everything', approvers: ['U0BOB'] }]
    const world = await createWorld(context, { website: { policy: { rules, protects: ['root-*'] } } })
    const app = await world.start()
    await app.ready
    const path = world.env.COUNTERSIGN_CONFIG!
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, whole.slice(0, whole.indexOf('protects:')))
    const words =
      'no longer has stacks.website.policy.protects, stacks.website.requests_per_second, timing. It may be only'
    const kept = await reload(world)
    expect([kept.code, kept.out, kept.err.trim().split('\n')]).toEqual([
      1,
      '',
      [expect.stringContaining(words), 'Countersign goes on with the settings that it had.'],
    ])
    app.signal('SIGHUP')
    await app.says(new RegExp(`${words}[^]*${words}`))
    const taken = await runCommand(['reload', '--allow-removals'], world.env)
    expect(taken).toMatchObject({ code: 0, err: '' })
    expect(taken.out).toContain('what it protects or its times were changed')
    writeFileSync(path, whole)
    expect((await reload(world)).code).toBe(0)
    await app.terminate()
  })

  test('reads the file with variables again, refuses what only a start can change, by name, and shows no secret', async (context) => {
    const world = await createWorld(context)
    const file = `${world.database}.env`
    const write = (lines: Record<string, string>) =>
      writeFileSync(file, stringify(lines).replaceAll(': ', '='), { mode: 0o600 })
    const asked = () => runCommand(['reload', '--env-file', file], world.env)
    write({})
    const app = await world.start({ args: ['--env-file', file] })
    await app.ready
    write({ AUDIT_KEY: 'a-key-that-is-long-enough-to-be-one', HEALTH_PORT: '1234' })
    const fixed = await asked()
    expect([fixed.code, fixed.out]).toEqual([1, ''])
    expect(fixed.err).toMatch(
      /^AUDIT_KEY can't change while Countersign runs: .*\nHEALTH_PORT can't change .*\nCountersign goes on with /,
    )
    write({ SHOP_AUTHTOKEN: 'cs-secret-of-the-shop' })
    rewrite(world, ({ stacks: [website], ...rest }) => ({
      ...rest,
      stacks: [website!, { ...website, name: 'shop', api_key: 'bltshop', authtoken_env: 'SHOP_AUTHTOKEN' }],
    }))
    const notLetIn = await asked()
    expect([notLetIn.code, notLetIn.out]).toEqual([1, ''])
    expect(notLetIn.err).toContain('"shop"')
    expect(fixed.err + notLetIn.err + app.stdout).not.toMatch(/a-key-that-is|cs-secret-of/)
    await app.terminate()
  })

  test('says that none runs, if none does', async (context) => {
    const world = await createWorld(context)
    const app = await world.start()
    await app.ready
    await app.kill()
    const refused = await reload(world)
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err).toMatch(/^No Countersign that runs on this machine with the database .* can be asked/)
    const again = await world.start()
    await again.ready
    expect(desks(world)).toHaveLength(1)
    await again.terminate()
  })

  test('waits for its start, also if SIGHUP comes before it has read any settings', async (context) => {
    const world = await createWorld(context)
    world.slack.trouble.inPlace = { 'auth.test': 'html' }
    const app = await world.start()
    await app.says(/it waits, and tries again/)
    app.signal('SIGHUP')
    rewrite(world, approvedBy('U0BOB', 'U0CAROL'))
    world.slack.trouble.inPlace = {}
    await app.says(inForce)
    expect(app.stdout.indexOf('"ready"')).toBeLessThan(app.stdout.search(inForce))
    await app.terminate()
  })

  test('goes on with the settings it had if a new stack does not let it in, and stays reachable throughout', async (context) => {
    const world = await createWorld(context)
    const port = String(await freePort())
    const app = await world.start({ env: { HEALTH_PORT: port } })
    await app.ready
    rewrite(world, ({ stacks: [website], ...file }) => ({
      ...file,
      stacks: [website!, { ...website, name: 'shop', api_key: 'bltunknown' }],
    }))
    const refused = await reload(world)
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err).toContain('"shop"')
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
    await insist(world)
    await world.until(() => isOver(world, 'was applied'), 'the outcome')
    await app.terminate()
    await expectApplied(world)
  })

  test('is stopped at once while Slack leaves its questions about the new settings open, and ends with 0', async (context) => {
    const world = await createWorld(context)
    const app = await world.start()
    await app.ready
    world.slack.trouble.held = ['auth.test']
    rewrite(world, approvedBy('U0CAROL'))
    const came = reload(world)
    await world.until(
      () => world.slack.calls.some(({ method, status }) => method === 'auth.test' && status === 0),
      'the question',
    )
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    const { code, err } = await came
    expect(code).toBe(1)
    expect(err).toMatch(/^Countersign (is stopping|ended before)/)
    expect([app.stderr, app.stdout.includes('"level":60')]).toEqual(['', false])
    expect(desks(world)).toEqual([])
  })

  test('stops in order when SIGTERM comes in the middle of it, and ends with 0', async (context) => {
    const world = await createWorld(context)
    const app = await world.start()
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
    rewrite(world, approvedBy('U0CAROL'))
    app.signal('SIGHUP')
    await eventually(async () => expect(await policiesLoaded(world)).toBe(2))
    const ended = app.terminate()
    answered.resolve()
    expect(await ended).toEqual({ code: 0, signal: null })
    await insisting.catch(() => {})
    expect(world.stack.takenUpdates()).toBe(1)
    expect(app.stdout).not.toContain('"level":60')
  })
})

test(
  'reload says which instances on a PostgreSQL database have read theirs, and which has to be told on its own',
  slow,
  async (context) => {
    const COUNTERSIGN_DB = await postgresWithTables()
    const world = await createWorld(context)
    const place = (name: string) => {
      const TMPDIR = join(world.folder, name)
      mkdirSync(TMPDIR)
      return { COUNTERSIGN_DB, TMPDIR }
    }
    const [here, elsewhere] = [place('here'), place('elsewhere')]
    const apps = await Promise.all([here, here, elsewhere].map((env) => world.start({ env })))
    await Promise.all(apps.map(({ ready }) => ready))
    const [first, second, third] = apps.map(({ pid }) => `process ${pid} on ${hostname()}`)
    const { code, out, err } = await runCommand(['reload'], { ...world.env, ...here })
    expect([code, err]).toEqual([0, ''])
    for (const one of [first, second]) expect(out).toContain(`From ${one}:\nNothing has changed.\n`)
    expect(out).toContain(`not reached from here: ${third}. `)
  },
)

async function policiesLoaded(world: World): Promise<number> {
  const store = openStore(world.copyOfDatabase())
  const events = await store.events()
  store.close()
  return events.filter(({ event }) => event.type === 'policy_loaded').length
}

function desks({ database }: World): string[] {
  return readdirSync(dirname(database)).filter((name) => /\.app-/.test(name))
}
