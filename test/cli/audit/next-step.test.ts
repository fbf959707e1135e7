import { writeFileSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { historyFile, key, otherKey, secret } from '../../support/audited.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { exported, verify } from './around.ts'

const backup = 'put the last backup that verifies in its place'

/** The last line of what `audit verify` says of a database that somebody has edited. */
async function lastLine(tamper: (db: Sqlite.Database) => unknown, auditKey = secret) {
  const { path } = await historyFile(key)
  tamper(rawConnection(path))
  const env = { COUNTERSIGN_DB: path, AUDIT_KEY: auditKey }
  return { env, last: (await verify({}, env)).out.split('\n').at(-1)! }
}

const editEntry = (db: Sqlite.Database) =>
  pastTheTriggers(db, () => db.exec(`update audit_events set actor = 'U0NOBODY' where seq = 6`))

describe('audit verify ends with what to do next', () => {
  test('if an entry was altered: put back a backup that verifies', async () => {
    const { last } = await lastLine(editEntry)
    expect(last).toMatch(/^Next: stop Countersign, keep a copy of the database as it is, /)
    expect(last).toContain(backup)
  })

  test('if a change is stored differently: the same', async () => {
    const { last } = await lastLine((db) => db.exec(`update change_requests set status = 'pending' where id = 1`))
    expect(last).toContain(backup)
  })

  test('if only the structure was changed: ask the doctor', async () => {
    const { last } = await lastLine((db) => db.exec('create table notes (text)'))
    expect(last).toBe('Next: run "npm run doctor", which says how to undo each of these.')
  })

  test('if both were: put back a backup', async () => {
    const both = (db: Sqlite.Database) => editEntry(db) ?? db.exec('create table notes (text)')
    expect((await lastLine(both)).last).toContain(backup)
  })

  test('if the log ends with another key than AUDIT_KEY: check the keys first', async () => {
    const { last } = await lastLine(() => {}, otherKey.secret)
    expect(last).toMatch(/^Next: check that you gave the keys of the app, the newest in AUDIT_KEY; if you did, stop /)
  })

  test('if it is an export: verify the database that it was made from', async () => {
    const { env } = await lastLine(editEntry)
    const file = temporaryFile('log.ndjson')
    writeFileSync(file, (await exported({}, env)).written)
    const { out } = await verify({ export: file }, env)
    expect(out.split('\n').at(-1)).toBe('Next: verify the database that this export was made from.')
  })

  test('but not if nothing is wrong, nor to a program', async () => {
    const { last, env } = await lastLine(() => {})
    expect(last).not.toContain('Next:')
    editEntry(rawConnection(env.COUNTERSIGN_DB))
    expect((await verify({ json: true }, env)).out).not.toContain('Next:')
  })
})
