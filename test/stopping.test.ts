import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stopAsked } from '../src/stop-asked.ts'
import { eventually } from './support/eventually.ts'

test('a stop that is asked for again ends nothing sooner', () => {
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

/** What stands in for the program says when it is there, and when it was told to stop. */
const program = `
process.on('SIGTERM', () => process.stdout.write('stopped\\n', () => process.exit(0)))
setInterval(() => {}, 1000)
process.stdout.write('ready\\n')
`

test('npm start hands on a signal that reaches npm alone, as from a container or a supervisor', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-npm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { prestart, start } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).scripts
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
