import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { backUp } from '../../src/cli/backup/backup.ts'
import { listChanges } from '../../src/cli/change/list.ts'
import { tellReport } from '../../src/cli/report/report.ts'
import { startProblem } from '../../src/cli/start/start-problem.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { historyFile, key, secret } from '../support/audited.ts'
import { config } from '../support/config.ts'
import { rawConnection, temporaryFile } from '../support/file.ts'
import { exported, listening, verify } from './audit/around.ts'

const page = 4096

/** Each as a disk or a copy that was cut off may leave it. */
const damages: [string, (whole: Buffer, rootOf: (table: string) => number) => Buffer][] = [
  ['without its end', (whole) => whole.subarray(0, (whole.length / page / 2) * page)],
  ['cut off within a page', (whole) => whole.subarray(0, whole.length - page / 3)],
  ['with its header alone', (whole) => whole.subarray(0, 100)],
  ['with nothing but zeros at its beginning', (whole) => zeroed(whole, 0)],
  ['with nothing but zeros in the log', (whole, rootOf) => zeroed(whole, rootOf('audit_events'))],
  ['with nothing but zeros among the changes', (whole, rootOf) => zeroed(whole, rootOf('change_requests'))],
  ['with a torn page in the log', (whole, rootOf) => torn(whole, rootOf('audit_events'))],
  ['with a torn page of an index', (whole, rootOf) => torn(whole, rootOf('audit_events_by_change'))],
  ['that is no database', () => Buffer.from('a shopping list\n'.repeat(1000))],
]

function zeroed(whole: Buffer, at: number): Buffer {
  return Buffer.from(whole).fill(0, at * page, (at + 1) * page)
}

/** Written to the disk only in part, over what was there before. */
function torn(whole: Buffer, at: number): Buffer {
  return Buffer.from(whole).fill(0xa5, at * page + page / 2, (at + 1) * page)
}

async function damaged(damage: (typeof damages)[number][1]): Promise<string> {
  const { path } = await historyFile()
  const roots = rawConnection(path)
    .prepare<[string], number>('select rootpage from sqlite_schema where name = ?')
    .pluck()
  const broken = damage(readFileSync(path), (table) => roots.get(table)! - 1)
  const file = temporaryFile()
  writeFileSync(file, broken)
  return file
}

const says = /is damaged|is not a database|can't be read as a (Countersign )?database/
const helps = /put the last backup in its place with "npm run restore -- FILE"/

test.each(damages)('a file %s is said to be damaged by every command that reads it', async (_, damage) => {
  const path = await damaged(damage)
  const before = readFileSync(path)
  const env = { COUNTERSIGN_DB: path, AUDIT_KEY: secret }
  const verified = await verify({ db: path }, env)
  expect(verified.code).toBeGreaterThan(0)
  const { err, code } = await exported({ db: path }, env)
  const heard = [`${verified.out}\n${verified.err}`]
  if (code > 0) heard.push(err)
  for (const run of [
    (around: Around) => listChanges({}, around),
    (around: Around) => tellReport({ format: 'json', since: '90d' }, around),
    (around: Around) => backUp(temporaryFile('kept.db'), around),
  ]) {
    const { around, said } = listening(env)
    if ((await run(around)) > 0) heard.push(`${said().out}\n${said().err}`)
  }
  for (const one of heard) {
    expect(one).toMatch(says)
    expect(one).not.toMatch(/^\s+at |SqliteError|file:\/\//m)
    if (/Nothing (was checked|could be read)/.test(one)) expect(one).toMatch(helps)
  }
  expect(readFileSync(path).equals(before)).toBe(true)
})

type Around = ReturnType<typeof listening>['around']

test.each(damages)('a start on a file %s ends with what is wrong and what helps', async (_, damage) => {
  const path = await damaged(damage)
  const said = () => {
    try {
      openStore(path, undefined, key).close()
      return 'It has started.'
    } catch (error) {
      return startProblem(error, { ...config, database: path })
    }
  }
  expect(await said()).toMatch(
    /^Countersign has not started, since it can't use its database .*: the (database|file) is /,
  )
  expect(await said()).toMatch(helps)
})

test('damage in a part of the file that the log does not need is reported too', async () => {
  const path = await damaged((whole, rootOf) => zeroed(whole, rootOf('audit_events_seen')))
  const { code, out } = await verify({ db: path }, { AUDIT_KEY: secret })
  expect([code, out]).toEqual([1, expect.stringMatching(/in the database a part of the file is damaged \(Tree \d+ /)])
})

test('an empty file is not said to be from an older version', async () => {
  const path = temporaryFile()
  writeFileSync(path, '')
  const env = { COUNTERSIGN_DB: path, AUDIT_KEY: secret }
  const { around, said } = listening(env)
  await listChanges({}, around)
  for (const err of [(await verify({}, env)).err, said().err]) {
    expect(err).toMatch(
      /is empty: nothing is recorded in it\. If it ever was the app's database, stop Countersign, and put/,
    )
  }
})
