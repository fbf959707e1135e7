import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkpointOf } from '../../src/domain/audit/chain.ts'
import { temporaryFile } from '../support/file.ts'
import { startWorld } from '../support/journey.ts'
import { freePort } from '../support/port.ts'

type Kept = Readonly<Record<string, { at: string; size: number } | null>>

test('the log is anchored outside though no change ends, and health says how long ago, place by place', async () => {
  const [port, file] = [await freePort(), temporaryFile('anchors.ndjson')]
  const world = await startWorld({
    transport: 'socket',
    anchors: { file, webhook_env: 'ANCHORS' },
    env: { HEALTH_PORT: String(port), ANCHORS: 'http://127.0.0.1:1/' },
  })
  const { alice, bob, until, passes, logs } = world
  const anchors = async () => {
    const { log } = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { log: { anchors: Kept } }
    return log.anchors
  }
  const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n')
  await until('the first anchor', () => lines().length === 1)
  await until('the complaint', () => logs.some((line) => line.includes('The newest checkpoint could not be kept')))
  const [first] = lines().map((line) => JSON.parse(line))
  expect(first).toMatchObject({ change: null, size: expect.any(Number) })
  expect(await anchors()).toEqual({
    thread: null,
    file: { at: first.at, size: first.size, ageSeconds: expect.any(Number) },
    webhook: null,
  })

  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  passes(3600)
  await until('the second anchor', () => lines().length === 2)
  expect(JSON.parse(lines()[1]!).size).toBeGreaterThan(first.size)
  passes(1800)
  expect(await anchors()).toMatchObject({ file: { ageSeconds: expect.toSatisfy((age: number) => age >= 1800) } })

  await bob.rejects(card, 'not now')
  const { thread, file: last } = await until('the anchors of the end', async () => {
    const kept = await anchors()
    return kept.thread !== null && kept.file?.size === kept.thread?.size && kept
  })
  expect(JSON.parse(lines().at(-1)!)).toMatchObject({ change: 1, at: last?.at, size: thread?.size })
})

test('the app does not start beside an anchor that its log contradicts, and starts beside an unreadable file; it says so', async () => {
  const file = temporaryFile('anchors.ndjson')
  const { joined, audit, logs } = await startWorld({ transport: 'socket', anchors: { file } })
  appendFileSync(file, `${JSON.stringify(checkpointOf(500, 'f'.repeat(64), null))}\n`)
  await expect(joined()).rejects.toThrow(/entry #500 .*Put the right one in its place.*put-back --anchors/)
  expect((await audit()).filter((entry) => entry === 'app started')).toHaveLength(1)
  rmSync(file)
  mkdirSync(file)
  await joined()
  const unread = logs.filter((line) =>
    line.includes("anchors.file names can't be read, so the log was not checked against"),
  )
  expect(unread).toEqual([expect.stringContaining("can't be read")])
})

test('the app starts without the file that its log was anchored in, and says that nothing was checked against it', async () => {
  const file = temporaryFile('anchors.ndjson')
  const { joined, store, logs, until } = await startWorld({ transport: 'socket', anchors: { file } })
  await until('the first anchor', () => existsSync(file))
  await store.note({ type: 'log_anchored', places: { file: { at: new Date().toISOString(), size: 1 } } }, 'app', null)
  rmSync(file)
  await joined()
  expect(logs.filter((line) => line.includes('the log was anchored in'))).toEqual([
    expect.stringContaining(`${file} is not there, although`),
  ])
})
