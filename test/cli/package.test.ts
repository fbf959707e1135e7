import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { packed } from '../support/packed.ts'

const run = promisify(execFile)
const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string
  dependencies: Readonly<Record<string, string>>
}

describe('the package that npm pack makes', () => {
  let folder: string
  let program: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-package-'))
    await run('tar', ['-xzf', await packed(folder)], { cwd: folder })
    const modules = join(folder, 'package', 'node_modules')
    for (const name of Object.keys(dependencies)) {
      mkdirSync(join(modules, name, '..'), { recursive: true })
      symlinkSync(resolve('node_modules', name), join(modules, name))
    }
    program = join(folder, 'package', 'dist', 'countersign.js')
    return () => rmSync(folder, { recursive: true })
  })

  test('works in an empty folder', async () => {
    const cwd = mkdtempSync(join(folder, 'empty-'))
    expect((await run(process.execPath, [program, '--version'], { cwd })).stdout).toBe(`${version}\n`)
    expect((await run(process.execPath, [program, '--help'], { cwd })).stdout).toContain('Usage: countersign')
  })

  test('contains the files that a first setup starts from', () => {
    const shipped = (path: string) => readFileSync(join(folder, 'package', path), 'utf8')
    for (const path of [
      'countersign.example.yaml',
      '.env.example',
      'manifest.yml',
      'deploy/grafana.json',
      'docs/setup.md',
      'CHANGELOG.md',
    ])
      expect(shipped(path)).toBe(readFileSync(path, 'utf8'))
  })

  test('sets itself up in an empty folder, up to the secrets that only its owner has', async () => {
    const cwd = mkdtempSync(join(folder, 'empty-'))
    const answers = ['--stack', 'website', '--api-key', 'blt1', '--channel', 'C0A', '--approvers', 'U0BOB']
    const { stdout } = await run(process.execPath, [program, 'init', ...answers], { cwd })
    expect(stdout).toContain(readFileSync('manifest.yml', 'utf8'))
    expect(stdout).toContain('"countersign start --env-file .env"')
    const { stdout: checked } = await run(process.execPath, [program, 'policy', 'check', '--env-file', '.env'], { cwd })
    expect(checked).toContain('website: wider (1 of U0BOB)')
    const started = await run(process.execPath, [program, 'start', '--env-file', '.env'], { cwd }).catch(
      (ended) => ended,
    )
    expect(started).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SLACK_BOT_TOKEN still has a placeholder'),
    })
    expect(readdirSync(cwd).toSorted()).toEqual(['.env', 'countersign.yaml'])
  })

  test('names commands by the name of the program', async () => {
    const cwd = mkdtempSync(join(folder, 'empty-'))
    const { stderr } = await run(process.execPath, [program, 'demo', '--port', 'x'], { cwd }).catch((ended) => ended)
    expect(stderr).toContain('Choose another: countersign demo --port 3401\n')
  })

  test('has the demo, which serves its page and the modules that the page imports', async () => {
    const demo = spawn(process.execPath, [program, 'demo', '--port', '0'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 2],
    })
    onTestFinished(() => void demo.kill())
    const url = await addressOf(demo)
    for (const path of ['/', '/client/main.js', '/style/base.css', '/vendor/preact.mjs'])
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200])
  })
})

/** Rejects with all that it said if it ends before it says where it is. */
function addressOf(demo: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    demo.once('exit', () => reject(new Error(said)))
    demo.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (address) resolve(address[0])
    })
  })
}
