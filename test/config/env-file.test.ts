import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { addEnvFile } from '../../src/config/env-file.ts'
import { ConfigProblems } from '../../src/config/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-env-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'countersign.env')

function fileWith(text: string, mode = 0o600): string {
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

function refused(path: string, env: Record<string, string | undefined> = {}): readonly string[] {
  try {
    addEnvFile(path, env)
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems
    throw error
  }
  return expect.unreachable()
}

test('a file gives the variables that the environment does not have, also those that are empty there', () => {
  const env = { AUDIT_KEY: 'mine', LOG_LEVEL: '' }
  const text = '# for us\nAUDIT_KEY=theirs\nLOG_LEVEL=debug\nexport PORT="3000" # HTTP\nOLDER="a\nb"\n'
  expect(addEnvFile(fileWith(text), env)).toBeNull()
  expect(env).toEqual({ AUDIT_KEY: 'mine', LOG_LEVEL: '', PORT: '3000', OLDER: 'a\nb' })
})

test("a secret that the environment has in a file wins over the file's own, and the other way round", () => {
  const env = { AUDIT_KEY_FILE: '/run/secrets/key', SLACK_BOT_TOKEN: 'xoxb-1' }
  expect(addEnvFile(fileWith('AUDIT_KEY=theirs\nSLACK_BOT_TOKEN_FILE=/theirs\nPORT=1\n'), env)).toBeNull()
  expect(env).toEqual({ AUDIT_KEY_FILE: '/run/secrets/key', SLACK_BOT_TOKEN: 'xoxb-1', PORT: '1' })
})

test('a file that gives both ways keeps both, to be told', () => {
  const env = {}
  addEnvFile(fileWith('AUDIT_KEY=one\nAUDIT_KEY_FILE=/other\n'), env)
  expect(env).toEqual({ AUDIT_KEY: 'one', AUDIT_KEY_FILE: '/other' })
})

test('the mark that some editors put first is not part of the first name', () => {
  const env = {}
  addEnvFile(fileWith('\uFEFFAUDIT_KEY=one\n'), env)
  expect(env).toEqual({ AUDIT_KEY: 'one' })
})

test('a file that other users can read is used, with a warning and what to do', () => {
  const env = {}
  const open = `Warning: ${path} is open to others on this machine: chmod 600 ${path}`
  expect(addEnvFile(fileWith('PORT=1', 0o640), env)).toBe(open)
  expect(addEnvFile(fileWith('PORT=1', 0o604), env)).toBe(open)
  expect(env).toEqual({ PORT: '1' })
})

test.each([
  ['is not there', () => join(folder, 'nothing'), 'ENOENT'],
  ['is a folder', () => folder, 'EISDIR'],
])('a file that %s is refused in words', (_, where, why) => {
  const [problem, ...others] = refused(where())
  expect(problem).toMatch(/^The file that --env-file names can't be read \(.*\), so nothing was done\. Give the path/)
  expect([problem, others]).toEqual([expect.stringContaining(why), []])
})

test('what Node reads before any file is refused there, unless the environment has it as well', () => {
  const file = fileWith('NODE_EXTRA_CA_CERTS=/etc/a.pem\nNODE_OPTIONS=--use-env-proxy\nPORT=1')
  const env = {}
  expect(refused(file, env).map((problem) => problem.split(' since')[0])).toEqual([
    `NODE_OPTIONS has no effect in ${file},`,
    `NODE_EXTRA_CA_CERTS has no effect in ${file},`,
  ])
  expect(env).toEqual({})
  addEnvFile(file, { NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: '/etc/a.pem' })
})

test('a file that a shell would read differently is refused, and gives nothing', () => {
  const env = {}
  const problems = [`${fileWith('PORT=1\nAUDIT_KEY=a#b\n')} has a # within AUDIT_KEY`, 'Nothing was done.']
  expect(refused(path, env)).toEqual(problems.map((problem) => expect.stringContaining(problem)))
  expect(env).toEqual({})
})
