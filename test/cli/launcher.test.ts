import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type OutputOptions, rolldown } from 'rolldown'
import { expect, onTestFinished, test } from 'vitest'
import { app, launcher } from '../../rolldown.config.ts'
import { bundled } from '../support/process.ts'

/** Runs the launcher with `program` in the app's place, and these arguments. */
function launch(program: string, ...typed: string[]) {
  return launchWith(launcher, program, ...typed)
}

function launchWith(launcher: string, program: string, ...typed: string[]) {
  return promisify(execFile)(process.execPath, [join(folderWith(launcher, program), 'countersign.js'), ...typed])
}

function launchAfterDashes(program: string, ...typed: string[]) {
  return promisify(execFile)(process.execPath, ['--', join(folderWith(launcher, program), 'countersign.js'), ...typed])
}

function folderWith(launcher: string, program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-launcher-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'countersign.js'), launcher)
  writeFileSync(join(folder, 'app.js'), program)
  return folder
}

const seen = '{ given: process.execArgv, typed: process.argv.slice(2) }'

/** The arguments that Node got and those that were typed, as a program behind the launcher sees them. */
async function launched(...typed: string[]): Promise<{ given: string[]; typed: string[] }> {
  const { stdout, stderr } = await launch(`process.stdout.write(JSON.stringify(${seen}))`, ...typed)
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

test.each([
  [['audit', 'verify', '--db', 'a file.db', '--anchors', 'a.ndjson']],
  [['move', '--from', 'a file.db', '--to', 'postgres://user@host/name']],
])(
  'commands that read the log are started with little memory, so that a long one takes no more, and get everything that was typed: %s',
  async (typed) => {
    expect(await launched(...typed)).toEqual({ given: ['--max-semi-space-size=8'], typed })
  },
)

test.each([['--env-file', 'a.env'], ['--env-file=a.env']])(
  '%s before the command makes no difference',
  async (...option) => {
    const typed = [...option, 'audit', 'verify']
    // Node reads the file as well, if nothing stands before the program.
    const { stdout } = await launchAfterDashes(`process.stdout.write(JSON.stringify(${seen}))`, ...typed)
    expect(JSON.parse(stdout)).toEqual({ given: ['--max-semi-space-size=8'], typed })
  },
)

test('started as a program, it gets an --env-file that is not there, and not Node, which would end in words of its own', async () => {
  const folder = folderWith(launcher, `process.stdout.write(JSON.stringify(${seen}))`)
  const PATH = `${dirname(process.execPath)}:/bin:/usr/bin`
  const typed = ['start', '--env-file', join(folder, "it's not there")]
  const program = join(folder, 'countersign.js')
  chmodSync(program, 0o755)
  const { stdout } = await promisify(execFile)(program, typed, { env: { PATH } })
  expect(JSON.parse(stdout)).toEqual({ given: [], typed })
})

test('everything else is started as Node is', async () => {
  expect(await launched('start')).toEqual({ given: [], typed: ['start'] })
})

test('a Node that is too old says so, with what is needed and where it is, and starts nothing', async () => {
  const said = `Countersign needs Node 24 or newer, and this is ${process.versions.node}, at ${process.execPath}. Nothing was started.\n`
  const older = launcher.replace('oldest = 24', 'oldest = 999')
  const refused = { code: 1, stdout: '', stderr: said.replace('24', '999') }
  await expect(launchWith(older, "process.stdout.write('started')", 'start')).rejects.toMatchObject(refused)
})

test('SIGTERM while the program is being read ends it with 0, and leaves commands to end by it', async () => {
  const stopped = "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60_000)"
  expect(await launch(stopped, 'start')).toEqual({ stdout: '', stderr: '' })
  await expect(launch(stopped, 'doctor')).rejects.toMatchObject({ signal: 'SIGTERM' })
})

test('the build is complete wherever it is made, even in a folder with the name of one of its parts', async () => {
  const above = mkdtempSync(join(tmpdir(), 'countersign-built-'))
  onTestFinished(() => rmSync(above, { recursive: true }))
  const folder = join(above, 'sandbox', 'demo.ts')
  for (const part of ['src', 'package.json']) cpSync(part, join(folder, part), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const { output, ...input } = app as typeof app & { output: OutputOptions }
  const bundler = await rolldown({ ...input, cwd: folder, logLevel: 'silent' })
  onTestFinished(() => bundler.close())
  const file = join(folder, 'dist', 'app.js')
  await bundler.write({ ...output, file })
  const { stdout } = await promisify(execFile)(process.execPath, [file, '--help'])
  expect(stdout).toContain('Usage: countersign')
})

test('the program contains no character that takes a second byte, since each would then', async () => {
  const program = readFileSync(await bundled(), 'latin1')
  expect(program.match(/[^\0-\x7f]+/g)).toBeNull()
})
