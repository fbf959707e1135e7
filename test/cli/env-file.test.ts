import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { historyFile, secret } from '../support/audited.ts'
import { runCommand as countersign } from '../support/process.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-env-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'countersign.env')
writeFileSync(file, 'SLACK_BOT_TOKEN=xoxb-\nCOUNTERSIGN_DB=/nowhere/countersign.db\n', { mode: 0o644 })

test.each([
  ['after the command', ['change', 'list', '--env-file', file]],
  ['before it', [`--env-file=${file}`, 'change', 'list']],
])('--env-file %s gives the command its settings, and a file that others can read a warning', async (_, typed) => {
  const { code, out, err } = await countersign(typed)
  expect([code, out]).toEqual([1, ''])
  expect(err.split('\n')).toEqual([
    `Warning: ${file} is open to others on this machine: chmod 600 ${file}`,
    expect.stringContaining('/nowhere/countersign.db'),
    '',
  ])
})

test('a file that is not there is refused in words, before anything is done', async () => {
  const { code, err } = await countersign(['start', '--env-file', join(folder, 'nothing')])
  expect([code, err]).toEqual([2, expect.stringMatching(/^The file that --env-file names can't be read .*ENOENT/)])
})

test.each([
  'http://u:SECRET/SECRET@127.0.0.1:1',
  'http://u:SECRET%@127.0.0.1:1',
  'u:SECRET@127.0.0.1:1',
  'ftp://u:SECRET@127.0.0.1:1',
])('an address of a proxy that cannot be used is refused in words, and not shown', async (address) => {
  const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: address }
  const made = join(folder, 'proxy.env')
  const lines = Object.entries(env).map(([name, value]) => `${name}='${value}'\n`)
  writeFileSync(made, lines.join(''), { mode: 0o600 })
  const { code, out, err } = await countersign(['audit', 'verify', '--env-file', made])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^The address of a proxy .* can't be used, so nothing was done\./)
  expect(err).not.toContain('SECRET')
})

test('init does not read the file, since it writes it', async () => {
  const [settings, made] = [join(folder, 'countersign.yaml'), join(folder, 'made.env')]
  const answers = ['--stack', 'website', '--api-key', 'blt1', '--channel', 'C0A', '--approvers', 'U0BOB']
  const { code, err } = await countersign(['init', ...answers, '--config', settings, '--env-file', made])
  expect([code, err]).toEqual([0, ''])
  expect(existsSync(made)).toBe(true)
})

test('the help of each command names it', async () => {
  expect((await countersign(['audit', 'verify', '--help'])).out).toContain('--env-file <file>')
})

test('whoever has not named the .env in the folder is told so, and whoever has nothing yet is told of init', async () => {
  const begun = mkdtempSync(join(folder, 'begun-'))
  const begins = (typed: readonly string[], env = {}) => countersign(typed, env, { cwd: begun })
  const commands = [['start'], ['policy', 'check'], ['token', 'list'], ['health'], ['doctor', '--json']]
  const all = async (env = {}) =>
    (await Promise.all(commands.map((typed) => begins(typed, env)))).map(({ out, err }) => out + err)
  for (const said of await all()) expect(said).toContain('run init')
  for (const said of await all({ LOG_LEVEL: 'info' })) expect(said).not.toContain('run init')
  writeFileSync(join(begun, '.env'), 'LOG_LEVEL=info\n', { mode: 0o600 })
  for (const said of await all()) {
    expect(said).toContain('There is a .env in this folder, which is read only if it is named: add --env-file .env to')
    expect(said).not.toContain('run init')
  }
  const { err } = await begins(['start', '--env-file', '.env'])
  expect(err).toMatch(/SLACK_BOT_TOKEN is missing/)
  expect(err).not.toContain('There is a .env')
})

test('whoever lacks the key of the log, and has not named the .env in the folder, is told so once', async () => {
  const here = mkdtempSync(join(folder, 'keyed-'))
  const [database, kept] = [join(here, 'countersign.db'), join(here, 'kept.db')]
  const { path } = await historyFile()
  copyFileSync(path, database)
  writeFileSync(join(here, '.env'), `AUDIT_KEY=${secret}\n`, { mode: 0o600 })
  const typed = [
    ['backup', kept],
    ['restore', path],
    ['audit', 'verify'],
    ['change', 'cancel', '1', '--reason', 'twice'],
  ]
  for (const one of typed) {
    const { code, err } = await countersign(one, {}, { cwd: here })
    expect([one[0], code === 0, err.split('There is a .env in this folder').length - 1]).toEqual([one[0], false, 1])
  }
  const verified = await countersign(['audit', 'verify', '--env-file', '.env'], {}, { cwd: here })
  expect([verified.out.includes('intact: yes'), verified.err]).toEqual([true, ''])
})
