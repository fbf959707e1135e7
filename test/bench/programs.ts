import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type Program = { readonly file: string; readonly args: readonly string[]; readonly ready: RegExp }
export type Environment = Readonly<Record<string, string>>
export type Running = {
  /** Milliseconds from the start of the process until it says that it can be used. */
  readonly readyAfterMs: number
  /** Resident memory now, in MB (10⁶ bytes). */
  residentMb(): number
  stop(): Promise<void>
}

/**
 * The program that is shipped and the bare Bolt app, both by `npm run build`, in a folder of their own: a program that
 * runs from `dist/` meanwhile is left alone. Inside the project, so that both find better-sqlite3.
 */
export function buildPrograms() {
  mkdirSync(join(root, 'dist'), { recursive: true })
  const folder = mkdtempSync(join(root, 'dist', 'bench-'))
  const ours = join(folder, 'countersign.js')
  const bare = join(folder, 'bare-bolt.js')
  build('--file', ours)
  build('--input', join(root, 'test', 'bench', 'bare-bolt.ts'), '--file', bare)
  return {
    ours: { file: ours, args: ['start'], ready: /"msg":"ready"/ },
    bare: { file: bare, args: [], ready: /^ready$/m },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function build(...options: string[]): void {
  execFileSync('npm', ['run', '--silent', 'build', '--', '--logLevel', 'silent', ...options], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Resolves once the program says that it is ready. Rejects with what it said when it ends before. */
export function run({ file, args, ready }: Program, env: Environment): Promise<Running> {
  const started = performance.now()
  const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env.PATH, ...env } })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  return new Promise((resolve, reject) => {
    child.stdout.on('data', hear)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${file} ended before it was ready, saying:\n${said}`)))

    function hear(text: Buffer): void {
      said += text
      if (!ready.test(said)) return
      child.stdout.off('data', hear).resume()
      resolve({ readyAfterMs: performance.now() - started, residentMb: () => residentMb(child.pid), stop })
    }
  })

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
