import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { desksOf, openDesk, reach, requests } from '../../../src/cli/reload/desk.ts'
import type { Outcome } from '../../../src/cli/reload/outcome.ts'
import { reload } from '../../../src/cli/reload/reload.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { postgresWithTables } from '../../support/postgres.ts'
import { atTerminalOf } from '../../support/terminal.ts'

const done: Outcome = { outcome: 'reloaded', lines: ['The stack "shop" was added.'] }

function aDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-desk-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'countersign.db')
}

async function opened(database: string, answer: () => Promise<Outcome>) {
  const desk = await openDesk(database, answer)
  onTestFinished(desk.close)
  return desk
}

const atTerminal = (database: string) =>
  atTerminalOf({ COUNTERSIGN_DB: database }, (terminal) => reload('refused', terminal))

test('only the user of the app can ask it, and nothing of it is left once it has closed', async () => {
  const database = aDatabase()
  const desk = await opened(database, async () => done)
  const [path] = desksOf(database)
  expect(statSync(path!).mode & 0o777).toBe(0o600)
  desk.close()
  expect(existsSync(path!)).toBe(false)
})

test('it is found only once it listens: another app that starts then would take it for one that was left behind', async () => {
  const database = aDatabase()
  const found: string[][] = []
  const { listen } = Server.prototype
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
    this.once('listening', () => found.push(desksOf(database)))
    return (listen as (...args: unknown[]) => Server).apply(this, args)
  })
  await opened(database, async () => done)
  expect(found).toEqual([[]])
  expect(desksOf(database)).toHaveLength(1)
  expect(await reach(desksOf(database)[0]!).then((socket) => socket?.destroy() !== undefined)).toBe(true)
})

test('with a database on a server, the app is found in a folder that only its user can write in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-desk-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  vi.stubEnv('TMPDIR', folder)
  const database = 'postgres://countersign@db.example.com/countersign'
  await opened(database, async () => done)
  const [path] = desksOf(database)
  const place = dirname(path!)
  expect([statSync(path!).mode & 0o777, statSync(place).mode & 0o777]).toEqual([0o600, 0o700])
  expect(desksOf('postgres://countersign@db.example.com/another')).toEqual([])
  chmodSync(place, 0o777)
  expect(desksOf(database)).toEqual([])
  await expect(openDesk(database, async () => done)).rejects.toThrow(
    'belongs to somebody else, or others may write in it',
  )
})

test('connecting or saying something else asks for nothing', async () => {
  const database = aDatabase()
  let asked = 0
  await opened(database, async () => {
    asked += 1
    return done
  })
  const [path] = desksOf(database)
  ;(await reach(path!))!.destroy()
  for (const said of ['restart\n', 'x', 'reload\nand more']) {
    const socket = connect(path!)
    socket.end(said)
    expect(await text(socket).catch(() => '')).toBe('')
  }
  expect(asked).toBe(0)
  const socket = connect(path!)
  socket.write(requests.refused)
  expect(JSON.parse(await text(socket))).toEqual(done)
})

test('whoever says more than a request has is cut off, and not read on', async () => {
  const database = aDatabase()
  await opened(database, async () => done)
  const socket = connect(desksOf(database)[0]!)
  let isCut = false
  socket
    .on('error', () => {})
    .on('close', () => {
      isCut = true
    })
  for (let part = 0; part < 2000 && !isCut; part += 1) {
    socket.write('reload '.repeat(100))
    await setImmediate()
  }
  expect(isCut).toBe(true)
})

test('every app that uses the database is asked, and if one keeps its settings, the command fails', async () => {
  const database = aDatabase()
  await opened(database, async () => done)
  await opened(database, async () => ({ outcome: 'refused', lines: ['timing.lease is too short.'] }))
  expect(await atTerminal(database)).toEqual({
    ok: false,
    out: 'The stack "shop" was added.\nThese settings are in force.',
    err: 'timing.lease is too short.\nCountersign goes on with the settings that it had.',
  })
})

test('with several instances on a database on a server, each says who it is, and those elsewhere are named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-desk-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  vi.stubEnv('TMPDIR', folder)
  const database = await postgresWithTables()
  const [first, second, third] = [1, 2, 3].map((n) => ({ id: `${n}`, version: '0.3.0', host: `app-${n}`, pid: n * 11 }))
  const store = await openPostgresStore({ url: database })
  onTestFinished(store.close)
  await store.isPresent({ ...third!, names: [], doubts: [] })
  expect((await atTerminal(database)).err).toContain('not reached from here: process 33 on app-3.')
  for (const one of [first!, second!]) {
    await store.isPresent({ ...one, names: [], doubts: [] })
    const desk = await openDesk(database, async () => done, one)
    onTestFinished(desk.close)
  }
  const { ok, out } = await atTerminal(database)
  expect(ok).toBe(true)
  const lines = out.split('\n')
  expect(lines.filter((line) => line.endsWith(':')).sort()).toEqual([
    'From process 11 on app-1:',
    'From process 22 on app-2:',
  ])
  expect(lines.at(-1)).toBe(
    'On this database within the last half minute, and not reached from here: process 33 on app-3. Run "npm run reload" there too.',
  )
})

test('an app that ends before it answers, or is stopping, is said', async () => {
  const database = aDatabase()
  const desk = await opened(database, async () => ({ outcome: 'stopping', lines: [] }))
  expect((await atTerminal(database)).err).toMatch(/^Countersign is stopping\./)
  desk.close()
  await opened(database, async () => 'nothing that it says' as never)
  expect((await atTerminal(database)).err).toMatch(/^Countersign ended before it said/)
})

test('anything else next to the database that has such a name is skipped', async () => {
  const database = aDatabase()
  writeFileSync(`${database}.app-note`, '')
  const left = `${database}.app-0123abcd`
  writeFileSync(left, '')
  expect((await atTerminal(database)).err).toMatch(/^No Countersign that runs on this machine/)
  await opened(database, async () => done)
  expect(existsSync(`${database}.app-note`)).toBe(true)
  expect(existsSync(left)).toBe(false)
  expect((await atTerminal(database)).ok).toBe(true)
})

test('a path that is too long for a socket is refused when the app opens it', async () => {
  const database = join(aDatabase(), '..', `${'long'.repeat(40)}.db`)
  await expect(openDesk(database, async () => done)).rejects.toThrow()
})
