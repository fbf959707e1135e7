import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { freePort } from '../support/port.ts'
import { expectApplied } from './checks.ts'
import { approve, ask, cards, told, untilApplied } from './people.ts'
import { channel, createWorld, slow, type World } from './world.ts'

/** From now on the process can't make any file longer than this, as on a full disk. */
function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}

/** The messages that only Bob saw, in the channel where he typed and pressed. */
const said = ({ slack }: World) =>
  slack
    .as('U0BOB')
    .messages(channel)
    .filter(({ ephemeral }) => ephemeral)
    .map(({ text }) => text)

test.concurrent('a disk that fills up stops every step, is named as the cause, and needs no restart once there is room', {
  ...slow,
}, async (context) => {
  const world = await createWorld(context)
  const { slack, stack } = world
  const port = await freePort()
  const app = await world.start({ env: { HEALTH_PORT: String(port) } })
  await app.ready
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`)
    return { code: answer.status, body: (await answer.json()) as { status: string; log: { writable: boolean } } }
  }
  const usual = { status: 'ok', log: { writable: true }, slack: { listening: true }, stacks: [{ failed: false }] }
  expect(await health()).toMatchObject({ code: 200, body: usual })
  await slack.as('U0BOB').openHome()
  const home = () => JSON.stringify(slack.as('U0BOB').home())
  await ask(world)
  await world.until(() => cards(world).length > 0 && told(world, 'is waiting') > 0, 'the card, and a word to Alice')

  limitFiles(app.pid, 1)
  const bob = slack.as('U0BOB')
  await bob.press(cards(world).at(-1)!, 'approve')
  await world.until(() => said(world).some((text) => text.includes('is read-only')), 'a word to Bob')
  expect(await health()).toMatchObject({ code: 503, body: { status: 'read-only', log: { writable: false } } })
  await world.until(() => home().includes('is read-only'), 'Home to say so')
  await bob.command('/token edit ci-deploy', { channel })
  await world.until(() => said(world).filter((text) => text.includes('is read-only')).length > 1, 'a second word')
  await bob.command('/token help', { channel })
  await world.until(() => said(world).some((text) => text.includes('/token list')), 'the help, all the same')
  expect(bob.modal()).toBeUndefined()
  expect(stack.takenUpdates()).toBe(0)
  expect(cards(world)).toHaveLength(1)

  limitFiles(app.pid, 'unlimited')
  await world.until(() => app.stdout.includes('The audit log can be written again'), 'the log to be written again')
  expect((await health()).code).toBe(200)
  await world.until(() => !home().includes('is read-only'), 'Home to say nothing of it any more')
  await approve(world)
  await untilApplied(world)
  await app.terminate()
  await expectApplied(world)
})

test.concurrent.for(['removed', 'replaced'])(
  'a database that is %s while the app runs stops every step, and the app recovers once it is back',
  { ...slow },
  async (how, context) => {
    const world = await createWorld(context)
    const { slack, stack, database } = world
    const port = await freePort()
    const app = await world.start({ env: { HEALTH_PORT: String(port) } })
    await app.ready
    await ask(world)
    await world.until(() => cards(world).length > 0 && told(world, 'is waiting') > 0, 'the card, and a word to Alice')
    const aside = `${database}.aside`
    renameSync(database, aside)
    if (how === 'replaced') copyFileSync(aside, database)
    await slack.as('U0BOB').press(cards(world).at(-1)!, 'approve')
    await world.until(() => said(world).some((text) => text.includes('was replaced or removed')), 'a word to Bob')
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect([health.status, await health.json()]).toMatchObject([503, { status: 'read-only' }])
    expect(stack.takenUpdates()).toBe(0)
    renameSync(aside, database)
    await app.says(/The audit log can be written again/)
    await approve(world)
    await untilApplied(world)
    await app.terminate()
    await expectApplied(world)
  },
)

test.concurrent('an app that cannot write its log stops properly when it is told to', { ...slow }, async (context) => {
  const world = await createWorld(context)
  const app = await world.start()
  await app.ready
  limitFiles(app.pid, 1)
  expect(await app.terminate()).toEqual({ code: 0, signal: null })
  expect(app.stdout).not.toContain('nobody handles')
})

test.concurrent('a database that another program keeps locked stops every step, but not the process, which recovers', {
  ...slow,
}, async (context) => {
  const world = await createWorld(context)
  const { slack, stack, database } = world
  const port = await freePort()
  const app = await world.start({ env: { HEALTH_PORT: String(port) } })
  await app.ready
  const health = async () => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { status: string }
  await ask(world)
  await world.until(() => cards(world).length > 0 && told(world, 'is waiting') > 0, 'the card, and a word to Alice')

  const other = new Sqlite(database)
  context.onTestFinished(() => void other.close())
  other.exec('begin exclusive')
  const pressed = slack.as('U0BOB').press(cards(world).at(-1)!, 'approve')
  expect((await health()).status).toMatch(/ok|read-only/)
  await pressed
  await world.until(() => said(world).some((text) => text.includes('keeps the database locked')), 'a word to Bob')
  expect((await health()).status).toBe('read-only')
  expect(stack.takenUpdates()).toBe(0)

  other.exec('rollback')
  await world.until(() => app.stdout.includes('The audit log can be written again'), 'the log to be written again')
  expect((await health()).status).toBe('ok')
  await approve(world)
  await untilApplied(world)
  await app.terminate()
  await expectApplied(world)
})
