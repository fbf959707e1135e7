import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OutputOptions, type RolldownOptions, rolldown } from 'rolldown'
import { app } from '../../rolldown.config.ts'
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
  /** Milliseconds from the start of the process until it says that it is ready. */
  readonly readyAfterMs: number
  /** Resident memory now, in MB (10⁶ bytes). */
  residentMb(): number
  /** The counts of `strain.ts`, if it is loaded into the program: starts again with each call. */
  strain(): Promise<Strain>
  stop(): Promise<void>
}

/**
 * Builds the program that is shipped, as `npm run build` does, and the bare Bolt app, bundled the same way. They get a
 * folder of their own, so that a program running from `dist/` is left alone; inside the project, so that both find
 * better-sqlite3.
 */
export async function buildPrograms() {
  mkdirSync(join(root, 'dist'), { recursive: true })
  const folder = mkdtempSync(join(root, 'dist', 'bench-'))
  await bundle(app, join(folder, 'app.js'))
  const bare = join(folder, 'bare-bolt.js')
  await bundleBare(bare)
  return {
    /** For databases too: the cost of a commit depends on the disk, and a temporary folder may be on none. */
    folder,
    ours: { file: join(folder, 'countersign.js'), args: ['start'], ready: /"msg":"ready"/ },
    bare: { file: bare, args: [], ready: /^ready$/m },
    /** Makes the next start of ours like the first one after a build. */
    forgetCompiled: () => rmSync(join(folder, '.compiled'), { recursive: true, force: true }),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Our program's omissions from Bolt, and its launcher, are its own achievement: the floor is Bolt as it comes. */
async function bundleBare(file: string): Promise<void> {
  const { plugins: _, ...sameWay } = app
  await bundle({ ...sameWay, input: join(root, 'test', 'bench', 'bare-bolt.ts') }, file)
}

async function bundle({ output, ...input }: RolldownOptions, file: string): Promise<void> {
  const bundler = await rolldown({ ...input, cwd: root, logLevel: 'silent' })
  await bundler.write({ ...(output as OutputOptions), file })
  await bundler.close()
}

/** Resolves once the program says that it is ready. Rejects with its output if it ends first. */
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

/** Linux only: from /proc, in kB of 1024 bytes. */
function residentMb(pid: number | undefined): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kilobytes) * 1024) / 1e6
}

/** The same program, which can also be asked for its strain. */
export function strained(program: Program): Program {
  return { ...program, preload: join(root, 'test', 'bench', 'strain.ts') }
}
