import { writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { historyFile, historyInPostgres, secret, historySize as size } from '../../support/audited.ts'
import { temporaryFile } from '../../support/file.ts'
import { postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { exported, verify } from './around.ts'

async function inFile(tamper: string): Promise<string> {
  const { path } = await historyFile()
  const db = new Sqlite(path)
  pastTheTriggers(db, () => db.exec(tamper))
  db.close()
  return path
}

async function onServer(tamper: string): Promise<string> {
  const url = await postgresWithTables()
  await historyInPostgres(url)
  await (await rawPostgres(url)).query(`set session_replication_role = replica; ${tamper}`)
  return url
}

describe.each([
  ['SQLite', inFile],
  ['PostgreSQL', onServer],
])('in %s', (_, tampered) => {
  test.each(['', 'null', '{', '[1]'])('the export of a token has an entry that was altered to "%s"', async (body) => {
    const database = await tampered(`update audit_events set body = '${body}' where seq = 1`)
    const env = { COUNTERSIGN_DB: database, AUDIT_KEY: secret }
    const { code, written } = await exported({ token: 't2' }, env)
    expect([code, written.includes('"seq":1,')]).toEqual([0, true])
    const file = temporaryFile('export.ndjson')
    writeFileSync(file, written)
    const { out } = await verify({ export: file }, env)
    expect(out).toContain('intact: no\n  - #1 ')
  })

  test('an entry that does not follow the one before it is told with what to do, and nothing else', async () => {
    const env = {
      COUNTERSIGN_DB: await tampered(`update audit_events set seq = 40 where seq = ${size}`),
      AUDIT_KEY: secret,
    }
    const { err } = await exported({}, env)
    expect(err).toMatch(/could not be recorded in the log: .*its last entry, #40, does not follow .* has to verify it/)
    expect(err).not.toContain('Look at')
  })
})
