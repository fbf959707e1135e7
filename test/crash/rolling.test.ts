import { cpSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { version } from '../../src/version.ts'
import { additions, laterVersion, thisVersion } from '../support/later-version.ts'
import { rawPostgres } from '../support/postgres.ts'
import { runCommand } from '../support/process.ts'
import { twoRoles } from '../support/roles.ts'
import { approve, ask, cards, saysApplied, wanted } from './people.ts'
import { createWorld, slow } from './world.ts'

async function rolling(context: TestContext, { isMarked }: { isMarked: boolean }) {
  const { owner, app: url, role, granted } = await twoRoles()
  await granted()
  const world = await createWorld(context)
  const later = await laterVersion(additions, { isMarked })
  const begin = async (program?: string) => {
    const app = await world.start({ env: { COUNTERSIGN_DB: url }, ...(program && { program }) })
    await app.ready
    return app
  }
  const doctor = (program?: string) =>
    runCommand(['doctor'], { ...world.env, COUNTERSIGN_DB: url }, { ...(program && { program }) })
  const migrate = () => runCommand(['migrate', '--grant-to', role], { COUNTERSIGN_DB: owner }, later)
  return { ...world, url, later, migrate, begin, doctor, change: (turn: number) => change(world, turn) }
}

/** Somebody asks for a change, somebody approves it, and it is written. */
async function change(world: Awaited<ReturnType<typeof createWorld>>, turn: number): Promise<void> {
  await ask(world, { ...wanted, description: `The ${turn}. description` }, turn === 1 ? 'ci-deploy' : wanted.name)
  await world.until(() => cards(world).length === turn, 'the card')
  await approve(world)
  await world.until(() => cards(world).length === turn && cards(world).every(saysApplied), 'the outcome')
}

test(
  'instances of two versions run side by side while the later one is brought in, one after the other',
  slow,
  async (context) => {
    const { url, later, migrate, begin, doctor, change, stack, passTime } = await rolling(context, { isMarked: true })
    const first = await begin()
    const second = await begin()
    await change(1)
    expect(await migrate()).toMatchObject({ code: 0, err: '' })
    passTime()
    await change(2)
    passTime()
    await second.terminate()
    const third = await begin(later.program)
    await change(3)
    await first.kill()
    const again = await begin()
    await change(4)
    expect((await doctor()).out).toContain('A newer version has added to them, which this one can live with.')
    const { intact } = await verifyDatabase(url, { current: null, earlier: [] }, null)
    expect([intact.holds, intact.wrong.first]).toEqual([true, []])
    await again.terminate()
    await begin(later.program)
    await change(5)
    expect(await runCommand(['audit', 'verify'], { COUNTERSIGN_DB: url }, later)).toMatchObject({ code: 0, err: '' })
    expect(stack.takenUpdates()).toBe(5)
    expect(third.stdout).toContain('"msg":"ready"')
    for (const app of [first, second, again, third]) expect(app.stdout).not.toMatch(/"level":"(error|fatal)"/)
  },
)

test('a version that the one before could not live with waits until that one is gone', slow, async (context) => {
  const { later, migrate, begin, change } = await rolling(context, { isMarked: false })
  const first = await begin()
  const refused = `Countersign ${version} on ${hostname()} still runs with the database`
  expect((await migrate()).err).toContain(refused)
  await expect(begin(later.program)).rejects.toThrow(refused)
  await change(1)
  await first.terminate()
  expect(await migrate()).toMatchObject({ code: 0, err: '' })
  await begin(later.program)
  await change(2)
  await expect(begin()).rejects.toThrow('was written by a newer Countersign')
})

test('an upgrade of the files of an instance while it runs does not disturb it', slow, async (context) => {
  const { url, later, migrate, begin, change, passTime } = await rolling(context, { isMarked: true })
  const installed = await thisVersion()
  await begin(installed.program)
  await change(1)
  for (const name of ['dist', 'migrations'])
    cpSync(join(later.folder, name), join(installed.folder, name), { recursive: true })
  // Twice half a minute: it looks at the structure once a minute.
  for (const turn of [2, 3, 4]) {
    passTime()
    await change(turn)
  }
  expect(await migrate()).toMatchObject({ code: 0, err: '' })
  await change(5)
  const { rows } = await (await rawPostgres(url)).query(`select body from audit_events where type = 'schema_differed'`)
  expect(rows).toEqual([])
})
