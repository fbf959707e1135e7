import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { keptByNpm } from '../../src/cli/kept-by-npm.ts'
import { countersign } from '../../src/cli/program.ts'
import { npmRunOf } from '../../src/config/npm.ts'

const ran = (env: Record<string, string>, ...typed: string[]) => {
  const npm = npmRunOf({ npm_lifecycle_event: 'change', ...env })
  return npm && keptByNpm(countersign(), typed, npm)
}

test('an option that npm kept for itself is refused, with what to type instead, before anything is done', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'change', 'cancel', '1', '--reason', 'a b'], {
    encoding: 'utf8',
  })
  const said =
    'npm kept --reason for itself, so Countersign did not get it, and did nothing. Put -- after the name of the script: npm run change -- … --reason …\n'
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: said })
})

test('several options that npm kept are named together, whatever is in their names', () => {
  const env = { npm_config_dry_run: 'true', npm_config_as: 'true' }
  expect(ran(env, 'change', 'propose', 'U0BOB')).toContain('npm kept --as and --dry-run for itself')
})

test('so is an option that npm has itself', () => {
  expect(ran({ npm_config_all: 'true' }, 'change', 'list')).toContain('npm kept --all for itself')
  expect(ran({ npm_config_json: 'true' }, 'change', 'show', '1')).toContain('npm kept --json for itself')
})

test('so is an option that every command has', () => {
  expect(ran({ npm_config_env_file: '.env' }, 'change', 'list')).toContain('npm kept --env-file for itself')
})

test.each([
  ['a setting of npm that no command has', { npm_config_registry: 'x' }, ['change', 'cancel', '1']],
  ['an option of another command', { npm_config_port: '1' }, ['change', 'cancel', '1']],
  ['an option that the command got as well', { npm_config_json: 'true' }, ['change', 'list', '--json']],
  ['nothing that npm kept', {}, ['change', 'cancel', '1', '--reason', 'x']],
])('nothing is refused for %s', (_, env, typed) => {
  expect(ran(env, ...typed)).toBeNull()
})

test('without npm, variables that look like its settings mean nothing', () => {
  expect(npmRunOf({ npm_config_reason: 'true' })).toBeNull()
})
