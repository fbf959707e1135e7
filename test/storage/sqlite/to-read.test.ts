import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openBesideTheApp } from '../../../src/storage/sqlite/beside-the-app.ts'
import { openEvidence } from '../../../src/storage/sqlite/evidence.ts'
import { inspectDatabase } from '../../../src/storage/sqlite/inspect.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { toRead } from '../../../src/storage/sqlite/to-read.ts'
import { contents } from '../../support/checkup.ts'
import { createClock } from '../../support/clock.ts'
import { entriesOf } from '../../support/entries.ts'
import { alice, proposal } from '../../support/world.ts'

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'read-only-'))
  onTestFinished(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** A folder of its own for the copies that are read. */
function copiesGoTo(): string {
  const folder = folderOfTest()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  return folder
}

/** A file with one change, as a stopped app leaves it, in a place where nobody may write. */
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

/** A file with one entry, open in another process. */
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
    async (path) => {
      const evidence = openEvidence(path)
      const { length } = await entriesOf(evidence)
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
  ['what the doctor looks at', async (path) => (await inspectDatabase(path))?.lastEntry?.seq],
])('%s: a copy that nobody has open is read where nobody may write, and nothing is left beside it', async (_, read) => {
  const { folder, path, before } = await keptCopy()
  const around = copiesGoTo()
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
    expect(await entriesOf(evidence)).toHaveLength(1)
    evidence.close()
  }
})

test('the -wal that a killed process left is read too', async () => {
  const { folder, path } = await openFile()
  const killed = join(folder, 'killed.db')
  for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${killed}${end}`)
  const evidence = openEvidence(killed)
  expect(await entriesOf(evidence)).toHaveLength(1)
  evidence.close()
})

describe('a file that is written to while it is copied', () => {
  /** The content read if `meanwhile` happens during the copies with these numbers, and what that leaves behind. */
  function readWhile(meanwhile: (file: string) => void, copies: readonly number[]) {
    const file = join(folderOfTest(), 'countersign.db')
    writeFileSync(file, 'begun')
    const around = copiesGoTo()
    let made = 0
    const { path, done } = toRead(file, (from, to) => {
      copyFileSync(from, to)
      if (copies.includes(++made)) meanwhile(from)
    })
    const read = { place: path === file ? 'where it is' : 'in a copy', text: readFileSync(path, 'utf8'), made }
    done()
    return { ...read, left: readdirSync(around) }
  }
  const isWritten = (file: string) => appendFileSync(file, '+')
  const isOpened = (file: string) => writeFileSync(`${file}-shm`, '')

  test('is copied again, so that all of it is of one moment', () => {
    const read = { place: 'in a copy', left: [] }
    expect(readWhile(isWritten, [1])).toEqual({ ...read, text: 'begun+', made: 2 })
    expect(readWhile(isWritten, [1, 2])).toEqual({ ...read, text: 'begun++', made: 3 })
  })

  test('is read in place once it was opened, or if there is no end to the writes', () => {
    const read = { place: 'where it is', left: [] }
    expect(readWhile(isOpened, [1])).toEqual({ ...read, text: 'begun', made: 1 })
    expect(readWhile(isWritten, [1, 2, 3, 4])).toEqual({ ...read, text: 'begun+++', made: 3 })
  })
})
