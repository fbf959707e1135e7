import { describe, expect, test } from 'vitest'
import { startCutting } from '../support/cut-postgres.ts'
import { freePort } from '../support/port.ts'
import { emptyPostgres, postgresWithTables, rawPostgres } from '../support/postgres.ts'
import { twoRoles } from '../support/roles.ts'
import { approve, ask, cards, isOver } from './people.ts'
import { createWorld, slow } from './world.ts'

/** The way to a server that lets nobody through until `release`. */
async function awayServer() {
  const cutting = await startCutting(await postgresWithTables())
  cutting.fate = () => 'cut before'
  return cutting
}

describe('while its PostgreSQL is away, the app that starts', slow, () => {
  test('waits, says for what, and starts by itself once it is back', async (context) => {
    const cutting = await awayServer()
    const world = await createWorld(context)
    const port = String(await freePort())
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url, HEALTH_PORT: port } })
    const waits = await app.says(/"waitsFor":.*it waits, and tries again in \d+ s/)
    const why = expect.stringContaining(
      `The database ${cutting.url} can't be used now: the database can't be reached (Connection terminated`,
    )
    expect(JSON.parse(waits.trim().split('\n')[0]!).waitsFor).toEqual([why])
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect([health.status, await health.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'starting', waitsFor: [why] }),
    ])
    cutting.release()
    await app.ready
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
  })

  test.for([
    'rights-lacking',
    'last-fact',
    'first-entries',
    'append',
    'open',
    'tokens-known',
    'present',
    'all-present',
    'second last-fact',
    'third last-fact',
  ])('waits as well, or starts without it, if it goes away at the statement "%s"', async (which, context) => {
    const [name, order = 'first'] = which.split(' ').toReversed()
    let toPass = ['first', 'second', 'third'].indexOf(order)
    const cutting = await startCutting(await postgresWithTables())
    cutting.fate = (sent) => {
      if (!sent.includes(`${name}\0`) || toPass-- > 0) return 'pass'
      cutting.fate = () => 'cut before'
      return 'cut before'
    }
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url } })
    await app.says(/it waits, and tries again|ready/)
    cutting.release()
    await app.ready
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    expect(app.stderr).toBe('')
  })

  test('waits as well while the server takes no more connections', async (context) => {
    const { app: url, role, granted } = await twoRoles()
    await granted()
    const raw = await rawPostgres(await emptyPostgres())
    await raw.query(`alter role ${role} connection limit 1`)
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: url } })
    await app.says(/the server of the database takes no more connections .*it waits, and tries again/)
    await raw.query(`alter role ${role} connection limit -1`)
    await app.ready
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
  })

  test('ends with 0 if it is stopped while it waits', async (context) => {
    const cutting = await awayServer()
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url } })
    await app.says(/it waits/)
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    expect(app.stderr).toBe('')
  })

  test('refuses at once what waiting does not help', async (context) => {
    const cutting = await awayServer()
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url, CONTENTSTACK_AUTHTOKEN: 'wrong' } })
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.stderr).toMatch(/doesn't accept the authtoken for "website"/)
  })
})

test('a host that no name server knows ends the start at once', slow, async (context) => {
  const world = await createWorld(context)
  const url = 'postgres://me@no-such-host.invalid/countersign'
  const app = await world.start({ env: { COUNTERSIGN_DB: url } })
  expect(await app.exited).toEqual({ code: 1, signal: null })
  expect(app.stderr).toMatch(
    /^Countersign has not started, since it can't use its database .*: there is no machine of the name "no-such-host.invalid" \(getaddrinfo ENOTFOUND .*\)\. To start it, correct the name in COUNTERSIGN_DB/,
  )
})

test('a database that the server does not have ends the start at once', slow, async (context) => {
  const url = new URL(await postgresWithTables())
  url.pathname = '/no_such_database'
  const world = await createWorld(context)
  const app = await world.start({ env: { COUNTERSIGN_DB: url.href } })
  expect(await app.exited).toEqual({ code: 1, signal: null })
  expect(app.stderr).toMatch(
    /^Countersign has not started, since it can't use its database .*: the server has no database of that name \(/,
  )
})

test(
  'a server that goes away while the app runs is said once in the log, and once more when it is back',
  slow,
  async (context) => {
    const cutting = await startCutting(await postgresWithTables())
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url } })
    await app.ready
    await ask(world)
    await world.until(() => cards(world).length === 1, 'the card')
    const before = app.stdout.length
    cutting.fate = () => 'cut before'
    cutting.cutAll()
    await app.says(/The audit log can't be written/)
    const bob = world.slack.as('U0BOB')
    expect((await bob.press(cards(world)[0]!, 'approve')).outcome).toBe('acked')
    expect((await bob.command('/token list')).outcome).toBe('acked')
    cutting.release()
    await app.says(/can be written again/)
    await approve(world)
    await world.until(() => isOver(world, 'was applied'), 'the outcome')
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    const lines = app.stdout
      .slice(before)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const alarming = lines.filter(({ level }) => level >= 40)
    const once =
      "The audit log can't be written: nothing is recorded or applied until it can. Then Countersign goes on by itself."
    expect(new Set(alarming.map(({ msg }) => msg))).toEqual(new Set([once]))
    // A connection may be cut in the middle of a commit, which is another reason.
    expect(new Set(alarming.map(({ why }) => why)).size).toBe(alarming.length)
    expect(lines.filter(({ err }) => err !== undefined)).toEqual([])
  },
)
