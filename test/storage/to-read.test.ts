import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openBesideTheApp } from '../../src/storage/beside-the-app.ts'
import { openEvidence } from '../../src/storage/evidence.ts'
import { inspectDatabase } from '../../src/storage/inspect.ts'
import { openStore } from '../../src/storage/store.ts'
import { toRead } from '../../src/storage/to-read.ts'
import { contents } from '../support/checkup.ts'
import { createClock } from '../support/clock.ts'
import { alice, proposal } from '../support/world.ts'

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'read-only-'))
  onTestFinished(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** A file with one change, as a stopped app leaves it, and as it lies where nobody may write. */
async function keptCopy() {
  const folder = folderOfTest()
  const path = join(folder, 'countersign.db')
  const store = openStore(path, createClock().now)
  await store.open({ type: 'proposed', at: createClock().iso(), ...proposal() }, alice, 'view-1')
  store.close()
  chmodSync(path, 0o444)
  chmodSync(folder, 0o555)
  return { folder, path, before: contents(folder) }
}

/** A file with one entry, which a process has open. */
async function openFile() {
  const folder = folderOfTest()
  const path = join(folder, 'countersign.db')
  const store = openStore(path, createClock().now)
  onTestFinished(store.close)
  await store.note({ type: 'stopped' }, 'app', null)
  return { folder, path }
}

test.each<[string, (path: string) => unknown]>([
  [
    'evidence',
    (path) => {
      const evidence = openEvidence(path)
      const { length } = [...evidence.entries()]
      evidence.close()
      return length
    },
  ],
  [
    'changes at a terminal',
    async (path) => {
      const store = openBesideTheApp({ path, now: createClock().now })
      const { change } = await store.get(1)
      store.close()
      return change.id
    },
  ],
  ['what the doctor looks at', (path) => inspectDatabase(path)?.lastEntry?.seq],
])('%s: a copy that nobody has open is read where nobody may write, and nothing is left beside it', async (_, read) => {
  const { folder, path, before } = await keptCopy()
  const around = folderOfTest()
  vi.stubEnv('TMPDIR', around)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await read(path)).toBe(1)
  expect(contents(folder)).toEqual(before)
  expect(readdirSync(around)).toEqual([])
})

test('a file that a process has open is read in place, by a link too, with what is still in its -wal', async () => {
  const { folder, path } = await openFile()
  const link = join(folder, 'link.db')
  symlinkSync(path, link)
  for (const given of [path, link]) {
    expect(toRead(given).path).toBe(path)
    const evidence = openEvidence(given)
    expect([...evidence.entries()]).toHaveLength(1)
    evidence.close()
  }
})

test('what a process that was killed left in its -wal is read too', async () => {
  const { folder, path } = await openFile()
  const killed = join(folder, 'killed.db')
  for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${killed}${end}`)
  const evidence = openEvidence(killed)
  expect([...evidence.entries()]).toHaveLength(1)
  evidence.close()
})
