import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFile } from '../support/file.ts'
import { postgresWithTables, rawPostgres } from '../support/postgres.ts'
import { runCommand } from '../support/process.ts'

const ways = ['scram-sha-256', 'md5', 'password'] as const

/** The address of a database whose server asks this role for a password in that way. */
async function asking(way: (typeof ways)[number]): Promise<string> {
  const url = await postgresWithTables()
  const raw = await rawPostgres(url)
  const role = `asked_${way}_${randomBytes(4).toString('hex')}`
  await raw.query(`set password_encryption = '${way === 'md5' ? 'md5' : 'scram-sha-256'}'`)
  await raw.query(`create role "${role}" superuser login password 'the right one'`)
  onTestFinished(async () => void (await raw.query(`drop role "${role}"`)))
  return Object.assign(new URL(url), { username: role }).href
}

const isMissing = 'the database asks for a password, and Countersign has none: it is read from PGPASSWORD, or from'

describe('where the server asks for a password', () => {
  test('each command without one says so, in the same words, and ends', async () => {
    const url = await asking('scram-sha-256')
    const [file, AUDIT_KEY] = [temporaryFile(), 'a-key-of-the-tests-of-forty-characters-00']
    for (const command of [
      ['audit', 'verify'],
      ['audit', 'export'],
      ['audit', 'put-back'],
      ['audit', 'leave-key'],
      ['report', '--since', '7d'],
      ['change', 'list'],
      ['migrate'],
      ['move', '--from', url, '--to', file],
    ]) {
      const { code, out, err } = await runCommand(command, { COUNTERSIGN_DB: url, AUDIT_KEY })
      expect([out, err]).toEqual(['', expect.stringContaining(isMissing)])
      expect(err.trim().split('\n'), 'in one line').toHaveLength(1)
      expect([1, 2]).toContain(code)
    }
    const { code, out } = await runCommand(['doctor'], { COUNTERSIGN_DB: url })
    expect([code, out]).toEqual([1, expect.stringContaining(isMissing)])
  })

  test.each(ways)('a wrong password is not called a missing one, and the right one is taken: %s', async (way) => {
    const COUNTERSIGN_DB = await asking(way)
    const says = (given: Readonly<Record<string, string>>) => runCommand(['migrate'], { COUNTERSIGN_DB, ...given })
    expect((await says({})).err).toContain(isMissing)
    expect((await says({ PGPASSWORD: '' })).err).toContain(isMissing)
    const wrong = await says({ PGPASSWORD: 'another one' })
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('the database refuses the password of')])
    expect(await says({ PGPASSWORD: 'the right one' })).toMatchObject({ code: 0, err: '' })
    const PGPASSFILE = temporaryFile('pgpass')
    writeFileSync(PGPASSFILE, '*:*:*:*:the right one', { mode: 0o600 })
    expect(await says({ PGPASSFILE })).toMatchObject({ code: 0 })
  })
})
