import { pino } from 'pino'
import { expect, test } from 'vitest'
import { strikingOut } from '../../../src/app/log.ts'
import { createReloading } from '../../../src/cli/start/reloading.ts'
import { type Config, ConfigProblems } from '../../../src/config/settings.ts'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { config } from '../../support/config.ts'

/** An app that takes each set of settings once `take` is called; `written` is what is read next. */
function world(reload: (config: Config) => Promise<void> = async () => {}) {
  const logged: string[] = []
  const taken: Config[] = []
  const started = Promise.withResolvers<void>()
  const stop = new AbortController()
  const written = { now: (): Config => config }
  const app = {
    reload: async (next: Config) => {
      await reload(next)
      taken.push(next)
    },
  }
  const log = pino({}, { write: (line: string) => void logged.push(line) })
  const reloading = createReloading({
    ...{ app, log, config, secrets: strikingOut(config), started: started.promise, stop: stop.signal },
    read: () => written.now(),
  })
  return { ...reloading, written, taken, logged, started, stop }
}

const withLevel = (logLevel: Config['logLevel']) => () => ({ ...config, logLevel })
const goesOn = 'Countersign goes on with the settings that it had.'

test('whoever asks before the start waits for it, and many who ask while settings are taken get one more turn', async () => {
  const under = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let turn = 0
  const { reload, written, taken, started } = world(async () => under[turn++]!.promise)
  const reads: string[] = []
  const levels: Config['logLevel'][] = ['error', 'warn']
  written.now = () => {
    reads.push('read')
    return { ...config, logLevel: levels[reads.length - 1]! }
  }
  const first = reload('refused')
  expect([reload('refused') === first, reads]).toEqual([true, []])
  started.resolve()
  await expect.poll(() => reads).toHaveLength(1)
  const [second, third] = [reload('refused'), reload('refused')]
  expect(second).toBe(third)
  under[0]!.resolve()
  expect(await first).toEqual({ outcome: 'reloaded', lines: ['LOG_LEVEL was changed.'] })
  under[1]!.resolve()
  expect(await second).toEqual({ outcome: 'reloaded', lines: ['LOG_LEVEL was changed.'] })
  expect(taken.map(({ logLevel }) => logLevel)).toEqual(['error', 'warn'])
})

test('settings that say the same are not taken again', async () => {
  const { reload, taken, started } = world()
  started.resolve()
  expect([await reload('refused'), taken]).toEqual([{ outcome: 'reloaded', lines: [] }, []])
})

test('every mistake is said, also in the log, and correct settings are taken the next time', async () => {
  const { reload, written, taken, logged, started } = world()
  started.resolve()
  written.now = () => {
    throw new ConfigProblems(['one mistake', 'another'])
  }
  expect(await reload('refused')).toEqual({ outcome: 'refused', lines: ['one mistake', 'another'] })
  const said = logged.map((line) => JSON.parse(line))
  expect(said.map(({ level, problem, msg }) => [level, problem ?? msg])).toEqual([
    [50, 'one mistake'],
    [50, 'another'],
    [50, goesOn],
  ])
  written.now = withLevel('warn')
  expect((await reload('refused')).outcome).toBe('reloaded')
  expect(taken).toHaveLength(1)
})

test('what only a start can change is refused, and the app is not asked to take it', async () => {
  const { reload, written, taken, started } = world()
  started.resolve()
  written.now = () => ({ ...config, database: 'other.db' })
  expect(await reload('refused')).toEqual({
    outcome: 'refused',
    lines: [expect.stringContaining("COUNTERSIGN_DB can't change while Countersign runs")],
  })
  expect(taken).toEqual([])
})

test('outages, refusals and errors of every kind are said without secrets, and only an unexpected one has its stack in the log', async () => {
  const failures: unknown[] = []
  const { reload, written, logged, started } = world(async () => {
    throw new AggregateError(failures)
  })
  started.resolve()
  written.now = withLevel('warn')
  failures.push(
    new Outage('The stack "shop" did not answer in time.'),
    new Refusal('unavailable', 'authtoken-3 is not it.'),
  )
  const { lines } = await reload('refused')
  expect(lines).toEqual([expect.stringContaining('did not answer in time'), '[secret] is not it.'])
  expect(logged.some((line) => JSON.parse(line).err)).toBe(false)
  failures.push(new TypeError('a bug'))
  expect((await reload('refused')).lines).toContainEqual('a bug')
  expect(JSON.parse(logged.at(-1)!)).toMatchObject({ msg: goesOn, err: { message: 'a bug' } })
})

test('once the app is stopping, nothing is read', async () => {
  const { reload, started, stop, logged } = world()
  stop.abort('SIGTERM')
  started.resolve()
  expect([await reload('refused'), logged]).toEqual([{ outcome: 'stopping', lines: [] }, []])
})

test('a file that no longer has what it had is refused, unless that is asked for, in a turn of its own', async () => {
  const { reload, written, taken, started } = world()
  const [stack] = config.stacks
  const file = { stacks: [{ name: 'website', api_key: 'blt1' }], policy: { protects: ['root-*', 'prod-*'] } }
  const asWritten = (content: object) => ({ content, isLineEnded: true })
  const read = (less: object) => () => ({
    ...{ ...config, stacks: [{ ...stack!, requestsPerSecond: 3 }] },
    written: asWritten(less),
  })
  written.now = () => ({ ...config, written: asWritten(file) })
  started.resolve()
  expect(await reload('refused')).toEqual({ outcome: 'reloaded', lines: [] })
  written.now = read({ ...file, policy: { protects: ['root-*'] } })
  const [kept, gone] = await Promise.all([reload('refused'), reload('allowed')])
  expect(kept).toEqual({
    outcome: 'refused',
    lines: [
      expect.stringMatching(
        /no longer has policy\.protects\.prod-\*\. .*"npm run reload -- --allow-removals" or start/,
      ),
    ],
  })
  expect([gone.outcome, taken]).toEqual(['reloaded', [written.now()]])
  written.now = () => ({ ...config, written: asWritten({}) })
  expect((await reload('refused')).lines).toEqual([expect.stringMatching(/no longer has stacks, policy\. /)])
})
