import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { main } from '../../../src/cli/start/main.ts'
import { reloadAsked } from '../../../src/cli/start/reload-asked.ts'
import { stopAsked } from '../../../src/cli/start/stop-asked.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/port.ts'

test('asking for a stop again ends nothing sooner', () => {
  const before = process.listeners('SIGTERM')
  const stop = stopAsked()
  const [added] = process.listeners('SIGTERM').filter((listener) => !before.includes(listener))
  onTestFinished(() => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(signal)
    for (const listener of before) process.on('SIGTERM', listener)
  })
  for (let time = 0; time < 2; time++) {
    process.emit('SIGTERM', 'SIGTERM')
    expect(stop.reason).toBe('SIGTERM')
    expect(process.listeners('SIGTERM')).toContain(added)
  }
})

test('once the program waits for a stop, the launcher no longer handles signals', () => {
  const before = process.listeners('SIGTERM')
  const launcher = () => {}
  process.on('SIGTERM', launcher)
  const stop = stopAsked()
  onTestFinished(() => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(signal)
    for (const listener of before) process.on('SIGTERM', listener)
  })
  expect(process.listeners('SIGTERM')).not.toContain(launcher)
  expect(stop.aborted).toBe(false)
})

test('a SIGHUP that comes before anybody can read the settings again is told to whoever can, and ends nothing', () => {
  const before = process.listeners('SIGHUP')
  const launcher = () => {}
  process.on('SIGHUP', launcher)
  const onReload = reloadAsked()
  onTestFinished(() => {
    process.removeAllListeners('SIGHUP')
    for (const listener of before) process.on('SIGHUP', listener)
  })
  expect(process.listeners('SIGHUP')).not.toContain(launcher)
  process.emit('SIGHUP', 'SIGHUP')
  let asked = 0
  onReload(() => (asked += 1))
  expect(asked).toBe(1)
  process.emit('SIGHUP', 'SIGHUP')
  expect(asked).toBe(2)
})

test('a stop that was asked for while the program was being read begins nothing, and ends with 0', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`
  const folder = mkdtempSync(join(tmpdir(), 'countersign-stopped-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'countersign.yaml')
  const website = { name: 'website', api_key: 'blt1', base_url: nobody, approvers: ['U0BOB'] }
  writeFileSync(path, JSON.stringify({ channel: 'C0APPROVALS', stacks: [website] }))
  const settings = {
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    SLACK_API_URL: `${nobody}/api/`,
    CONTENTSTACK_AUTHTOKEN: 'cs1',
    COUNTERSIGN_CONFIG: path,
    COUNTERSIGN_DB: join(folder, 'countersign.db'),
    LOG_LEVEL: 'error',
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  const before = process.listeners('unhandledRejection')
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection')
    for (const listener of before) process.on('unhandledRejection', listener)
  })
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never)
  await main({ stop: AbortSignal.abort('SIGTERM'), onReload: () => {} })
  expect(exit.mock.calls).toEqual([[0]])
  expect(existsSync(settings.COUNTERSIGN_DB)).toBe(false)
})

/** Stands in for the program: says when it is there, and when it was told to stop. */
const program = `
process.on('SIGTERM', () => process.stdout.write('stopped\\n', () => process.exit(0)))
setInterval(() => {}, 1000)
process.stdout.write('ready\\n')
`

test('npm start passes on a signal that reaches npm alone, as from a container or a supervisor', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-npm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { prestart, start } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ).scripts
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist', 'countersign.js'), program)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { prestart, start, build: 'node -v' } }))
  const npm = spawn('npm', ['start'], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => killGroup(npm.pid!))
  let said = ''
  npm.stdout.on('data', (text) => (said += text))
  await eventually(() => expect(said).toContain('ready'))
  npm.kill('SIGTERM')
  await once(npm, 'exit')
  expect(said).toContain('stopped')
})

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended, as it should.
  }
}
