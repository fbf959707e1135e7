import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OutputOptions, type RolldownOptions, rolldown } from 'rolldown'
import config from '../../rolldown.config.ts'
import type { Strain } from './strain.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type Program = {
  readonly file: string
  readonly args: readonly string[]
  readonly ready: RegExp
  readonly preload?: string
}
export type Environment = Readonly<Record<string, string>>
export type Running = {
  /** Milliseconds from the start of the process until it says that it can be used. */
  readonly readyAfterMs: number
  /** Resident memory now, in MB (10⁶ bytes). */
  residentMb(): number
  /** What `strain.ts` counts, of a program that it is loaded into: begins anew with each call. */
  strain(): Promise<Strain>
  stop(): Promise<void>
}

/**
 * The program that is shipped, by `npm run build`, and the bare Bolt app, bundled the same way. In a folder of their
 * own, so that a program that runs from `dist/` is left alone; inside the project, so that both find better-sqlite3.
 */
export async function buildPrograms() {
  mkdirSync(join(root, 'dist'), { recursive: true })
  const folder = mkdtempSync(join(root, 'dist', 'bench-'))
  execFileSync('npm', ['run', '--silent', 'build', '--', '--file', join(folder, 'app.js')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const bare = join(folder, 'bare-bolt.js')
  await bundleBare(bare)
  return {
    /** For databases too: what a commit costs is a matter of the disk, and a temporary folder may be on none. */
    folder,
    ours: { file: join(folder, 'countersign.js'), args: ['start'], ready: /"msg":"ready"/ },
    bare: { file: bare, args: [], ready: /^ready$/m },
    /** The next start of ours is like the first one after a build. */
    forgetCompiled: () => rmSync(join(folder, '.compiled'), { recursive: true, force: true }),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** What our program leaves out of Bolt, and how it is launched, is its own doing: the floor is Bolt as it comes. */
async function bundleBare(file: string): Promise<void> {
  const { plugins: _, output, ...sameWay } = config as RolldownOptions & { output: OutputOptions }
  const input = join(root, 'test', 'bench', 'bare-bolt.ts')
  const bundle = await rolldown({ ...sameWay, input, cwd: root, logLevel: 'silent' })
  await bundle.write({ ...output, file })
  await bundle.close()
}

/** Resolves once the program says that it is ready. Rejects with what it said when it ends before. */
export function run({ file, args, ready, preload }: Program, env: Environment): Promise<Running> {
  const started = performance.now()
  const child = spawn(process.execPath, [...(preload ? ['--import', preload] : []), file, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe', ...(preload ? (['ipc'] as const) : [])],
  }) as ChildProcessWithoutNullStreams
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const endToo = () => child.kill()
  process.once('exit', endToo)
  void ended.then(() => process.off('exit', endToo))
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  return new Promise((resolve, reject) => {
    child.stdout.on('data', hear)
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      reject(new Error(`${file} ended (${code ?? signal}) before it was ready, saying:\n${said}`)),
    )

    function hear(text: Buffer): void {
      said += text
      if (!ready.test(said)) return
      child.stdout.off('data', hear).resume()
      resolve({ readyAfterMs: performance.now() - started, residentMb: () => residentMb(child.pid), strain, stop })
    }
  })

  function strain(): Promise<Strain> {
    return new Promise((resolve) => {
      child.once('message', (found) => resolve(found as Strain))
      child.send('strain')
    })
  }

  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    await ended
  }
}

/** Linux only: what /proc says, in kB of 1024 bytes. */
function residentMb(pid: number | undefined): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kilobytes) * 1024) / 1e6
}

/** The same program, which can be asked how it bears what it is given to do. */
export function strained(program: Program): Program {
  return { ...program, preload: join(root, 'test', 'bench', 'strain.ts') }
}
