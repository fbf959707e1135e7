import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type InputOptions, type OutputOptions, rolldown } from 'rolldown'
import { app as bundle } from '../../rolldown.config.ts'
import { cache } from './cache.ts'

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type AppProcess = {
  /** Resolves once the app says that it is ready; rejects with its output if it ends first. */
  readonly ready: Promise<void>
  readonly exited: Promise<Exit>
  /** Resolves with all of standard output once it matches; rejects if the app ends first. */
  says(pattern: RegExp): Promise<string>
  readonly running: boolean
  readonly pid: number
  /** Its output so far. */
  readonly stdout: string
  readonly stderr: string
  /** Like a power cut: the process gets no say. Resolves once it is gone. */
  kill(): Promise<Exit>
  /** Stops it as a supervisor does. Resolves once it is gone. */
  terminate(): Promise<Exit>
  signal(signal: NodeJS.Signals): void
}

type Options = {
  /** The whole environment of the process, except what Node itself reads. */
  readonly env: Readonly<Record<string, string>>
  /** A module that is loaded before the app. */
  readonly preload?: string
  /** Typed after `start`. */
  readonly args?: readonly string[]
  readonly cwd?: string
  /** The program, if it is not this version: see later-version.ts. */
  readonly program?: string
}

/** Starts the app as `npm start` does: one bundled file in its own process. */
export async function startProcess({ env, preload, args = [], cwd, program }: Options): Promise<AppProcess> {
  const before = preload ? ['--require', await asScript(preload)] : []
  const child = spawnNode(
    before,
    [program ?? (await bundled()), 'start', ...args],
    { PATH: process.env.PATH ?? '', ...env },
    cwd,
  )
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  const exited = new Promise<Exit>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  const says = (pattern: RegExp) => saying(pattern, { child, said, exited })
  const ready = says(/"msg":"ready"/).then(() => {})
  ready.catch(() => {})
  return {
    ready,
    exited,
    says,
    pid: child.pid!,
    get running() {
      return child.exitCode === null && child.signalCode === null
    },
    get stdout() {
      return said.stdout
    },
    get stderr() {
      return said.stderr
    },
    kill: () => end('SIGKILL'),
    terminate: () => end('SIGTERM'),
    signal: (signal) => void child.kill(signal),
  }

  function end(signal: NodeJS.Signals): Promise<Exit> {
    child.kill(signal)
    return exited
  }
}

type Ran = Pick<Options, 'cwd' | 'program'>

/**
 * Runs `countersign …` as it is shipped, in its own process, to its end. `env` is its whole environment, except what
 * Node itself reads.
 */
export async function runCommand(args: readonly string[], env: Options['env'] = {}, { cwd, program }: Ran = {}) {
  const child = spawnNode([], [program ?? (await bundled()), ...args], env, cwd)
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { code, out, err }
}

/** The same, only started. */
export async function startCommand(args: readonly string[], env: Options['env'], cwd?: string) {
  return spawnNode([], [await bundled(), ...args], env, cwd)
}

/**
 * These processes end before their garbage is worth a second thread, or a search. No flag for how code is compiled: Node
 * then throws away what it has compiled of itself.
 */
const shortLived = ['--single-threaded-gc', '--min-semi-space-size=16']

/** After the dashes, Node looks for no options of its own: it would take the app's --env-file for one. */
function spawnNode(options: readonly string[], program: readonly string[], env: Options['env'], cwd?: string) {
  return spawn(process.execPath, [...shortLived, ...options, '--', ...program], {
    env: { NODE_COMPILE_CACHE: join(cache, 'compiled'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  })
}

type Heard = { child: ChildProcess; said: { stdout: string; stderr: string }; exited: Promise<Exit> }

function saying(pattern: RegExp, { child, said, exited }: Heard) {
  return new Promise<string>((resolve, reject) => {
    const look = () => {
      if (pattern.test(said.stdout)) resolve(said.stdout)
    }
    child.stdout?.on('data', look)
    look()
    void exited.then(({ code, signal }) =>
      reject(new Error(`The app ended (${signal ?? code}) before it said ${pattern}:\n${said.stdout}${said.stderr}`)),
    )
  })
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const built = new Map<string, Promise<string>>()
const { output, ...input } = bundle as typeof bundle & { output: OutputOptions }

/** The app in one file, as it is shipped: that starts three times as fast as its source. Built from what the source is at first. */
export function bundled(): Promise<string> {
  program ??= build()
  return program
}

let program: Promise<string> | undefined

function build(): Promise<string> {
  return builtOnce({ ...input, cwd: root }, [...sources(), 'rolldown.config.ts'], output)
}

/** A module in one file with all that it imports of the app, for a thread: that loads ten times as fast as its source. */
export function asOneFile(path: string): Promise<string> {
  const options: InputOptions = { input: path, platform: 'node', external: ['better-sqlite3'] }
  return builtOnce(options, [...sources(), relative(root, path)], { format: 'esm', codeSplitting: false })
}

function sources(): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => join('src', file))
}

/** A module as a script: Node takes a tenth of a second to get ready for TypeScript, and half as long for modules. */
function asScript(path: string): Promise<string> {
  const options: InputOptions = { input: path, platform: 'node', external: ['better-sqlite3'] }
  return builtOnce(options, [relative(root, path)], { format: 'cjs' })
}

/** Built once for each state of its source files. */
function builtOnce(input: InputOptions, files: readonly string[], as: OutputOptions): Promise<string> {
  const name = `${stateOf(files)}.${as.format === 'cjs' ? 'cjs' : 'mjs'}`
  const under = built.get(name) ?? buildUnlessThere(input, as, name)
  built.set(name, under)
  return under
}

async function buildUnlessThere(input: InputOptions, as: OutputOptions, name: string): Promise<string> {
  mkdirSync(cache, { recursive: true })
  const path = join(cache, name)
  if (isKeptOn(path)) return path
  forgetOld(readdirSync(cache))
  const unfinished = join(cache, `${process.pid}-${name}.unfinished`)
  const bundler = await rolldown({ ...input, logLevel: 'silent' })
  await bundler.write({ ...as, file: unfinished })
  await bundler.close()
  renameSync(unfinished, path)
  return path
}

function stateOf(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of [...files].sort()) {
    const { mtimeMs, size } = statSync(join(root, file))
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

/** False if it is not there; otherwise it counts as used now, however old it is. */
function isKeptOn(path: string): boolean {
  const now = new Date()
  try {
    utimesSync(path, now, now)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Another run of the tests may still start from a file that was used recently. */
function forgetOld(files: readonly string[]): void {
  const anHourAgo = Date.now() - 3_600_000
  for (const path of files.filter((file) => /\.[cm]js$/.test(file)).map((file) => join(cache, file)))
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? anHourAgo) < anHourAgo) rmSync(path, { force: true })
}
