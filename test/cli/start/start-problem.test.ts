import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { startProblem } from '../../../src/cli/start/start-problem.ts'
import { ConfigProblems } from '../../../src/config/settings.ts'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { SlackUnheard } from '../../../src/slack/calls/said.ts'
import { config } from '../../support/config.ts'

const page = `<!DOCTYPE html>\n${'x '.repeat(6000)}`

test.each([
  ['a refusal', new Refusal('unavailable', 'Contentstack does not accept authtoken-3.')],
  ['an answer of something in between', new SlackUnheard('auth.test', 'authtoken-3 is what it said')],
  ['several at once', new AggregateError([new Error('authtoken-3'), new Outage('audit-key-6')])],
  ['one that is cut in the midst of it', new Error(`${'a '.repeat(145)}authtoken-3`)],
  ['one that looks like it', new Error('xoxb-of-somebody-else')],
])('a failed start is reported without a secret: %s', async (_, error) => {
  expect(await startProblem(error, config)).not.toMatch(/authto|audit-key|xoxb-/)
})

test('an unforeseen error is reported in one short line', async () => {
  const said = await startProblem(new Error(page), config)
  expect(said).toMatch(/^<!DOCTYPE html> x x .*…$/)
  expect([...said]).toHaveLength(300)
})

test('several things that stand in the way get a line each', async () => {
  const both = new AggregateError([new Error('one'), new AggregateError([new Error('two'), new Error('three')])])
  expect(await startProblem(both, config)).toBe('one\ntwo\nthree')
})

test('settings that Slack shows to be wrong are all reported, each in a line of its own', async () => {
  const problems = Array.from({ length: 20 }, (_, i) => `The approvals channel C0${i} of website is not there.`)
  expect((await startProblem(new ConfigProblems(problems), config)).split('\n')).toEqual([
    expect.stringContaining('these settings:'),
    ...problems.map((problem) => `  - ${problem}`),
  ])
})

test.each([
  ['a file', '/srv/countersign.db'],
  ['a server', 'postgres://db.example.com/countersign'],
])(
  'an address to listen on that this machine does not have is named with the setting, with %s',
  async (_, database) => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere'), {
      ...{ syscall: 'getaddrinfo', code: 'ENOTFOUND', hostname: 'nowhere' },
    })
    expect(await startProblem(error, { ...config, database })).toMatch(
      /^LISTEN_HOST is not an address of this machine \(getaddrinfo ENOTFOUND/,
    )
  },
)

test.each([
  ['SQLITE_READONLY', /is not writable\. To start it, let the user that Countersign runs as write the database/],
  ['SQLITE_FULL', /the disk is full\. To start it, make room/],
  ['SQLITE_IOERR_SHMSIZE', /the disk seems to be full\. To start it, make room/],
  ['SQLITE_CORRUPT', /is damaged\. To start it, put the last backup in its place with "npm run restore -- FILE"\./],
])('a database with %s is named with its path, and with what to do before the next start', async (code, says) => {
  const error = new Sqlite.SqliteError('as SQLite says it', code)
  const nested = new Error('Failed to run the query', { cause: error })
  for (const one of [error, nested, new Refusal('unavailable', 'Countersign is read-only', { cause: error })]) {
    const said = await startProblem(one, { ...config, database: '/srv/countersign.db' })
    expect(said).toMatch(says)
    expect(said).toMatch(/^Countersign has not started, since it can't use its database \/srv\/countersign\.db: /)
    expect(said).not.toMatch(/query|read-only|goes on by itself/)
  }
})

test.each([
  ['EROFS', /its folder is not writable\. To start it, let .* on a disk that is mounted for writing/],
  ['ENOSPC', /the disk is full\. To start it, make room/],
  ['EACCES', /this user may not write it\. To start it, let the user that Countersign runs as write/],
])('a database that could not be created because of %s is reported in words', async (code, says) => {
  const path = '/srv/countersign.db'
  const error = Object.assign(new Error(`${code}: as the system says it, open '${path}'`), { code, path })
  expect(await startProblem(error, { ...config, database: path })).toMatch(says)
  expect(await startProblem(error, config)).toBe(error.message)
})
