import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { key, secret } from '../../support/audited.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryFile } from '../../support/file.ts'
import { writeLongLog } from '../../support/long-log.ts'
import { emptyPostgres, rawPostgres } from '../../support/postgres.ts'
import { startCommand } from '../../support/process.ts'
import { moved } from './around.ts'

const env = { AUDIT_KEY: secret }

function longFile(): string {
  const path = temporaryFile()
  writeLongLog(path, 20_000, key)
  return path
}

/** Starts `countersign move` in its own process, and kills it once it is in the middle of it. */
async function killed(from: string, to: string, isAmidst: () => Promise<boolean>): Promise<void> {
  const child = await startCommand(['move', '--from', from, '--to', to], env)
  const ended = new Promise<string | number | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  await eventually(async () => expect(await isAmidst()).toBe(true))
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
}

test('a move to PostgreSQL that is killed leaves nothing there, and can be begun again', async () => {
  const [from, to] = [longFile(), await emptyPostgres()]
  const on = await rawPostgres(to)
  await killed(from, to, async () => {
    const { rows } = await on.query(`select 1 from pg_stat_activity where query like 'insert into audit_events%'
      and datname = current_database() and pid <> pg_backend_pid()`)
    return rows.length > 0
  })
  const others = 'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  await eventually(async () => expect((await on.query(others)).rows).toEqual([]))
  const { rows } = await on.query(`select to_regclass('public.audit_events') as found`)
  expect(rows).toEqual([{ found: null }])
  await moved(from, to, env)
})

test('a move to a file that is killed leaves no such file, and can be begun again', async () => {
  const [from, to] = [await moved(longFile(), await emptyPostgres(), env), temporaryFile()]
  const written = () => statSync(`${to}.moving-wal`, { throwIfNoEntry: false })?.size ?? 0
  await killed(from, to, async () => written() > 1_000_000)
  expect(existsSync(to)).toBe(false)
  await moved(from, to, env)
  expect(readdirSync(dirname(to))).toEqual(['countersign.db'])
})
