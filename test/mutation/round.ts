import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { copy, ours } from './copy.ts'
import { asItIs, digest, note, readLedger, undone } from './ledger.ts'

export type Round = {
  readonly ledger: string
  /** A digest of the sources under test. */
  readonly sources: string
  /** The share of the mutants to try: every third, say. */
  readonly every: number
  readonly workers: number
  /** Milliseconds that a test may take and still be used. */
  readonly atMost: number
  /** How many files of tests may try to kill one mutant. */
  readonly most: number
  /** True to use tests that start the app in another process too. */
  readonly processes?: boolean
}

const now = join(ours, 'now')
const stalled = 60_000

/** Tries these tests on the mutants that still live, skipping what was done before. */
export async function tryWith(tests: readonly string[], given: Round): Promise<void> {
  const round = { ...given, sources: digest(JSON.stringify(given)) }
  for (;;) {
    const open = undone(readLedger(round.ledger), tests.map(asItIs), round.sources)
    if (open.length === 0) return
    const before = open.length
    const endedItself = await run(
      open.map((test) => test.split('@')[0]!),
      round,
    )
    const after = undone(readLedger(round.ledger), open, round.sources)
    // They reported nothing and nothing hung: they can't even be loaded with mutants in the sources.
    if (endedItself && after.length === before) note(round.ledger, ...after.map((done) => leftOut(done, round)))
  }
}

function leftOut(done: string, { sources }: Round) {
  return { done, sources, leftOut: ['the whole file'] }
}

/** Resolves to true if the tests ended by themselves. */
async function run(tests: readonly string[], round: Round): Promise<boolean> {
  rmSync(now, { recursive: true, force: true })
  mkdirSync(now)
  const vitest = join('node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--config', 'test/mutation/vitest.config.ts', ...tests]
  const stdio = ['ignore', 'ignore', 'inherit'] as const
  const child = spawn(process.execPath, args, {
    cwd: copy,
    env: environmentOf(round),
    detached: true,
    stdio: [...stdio],
  })
  const endToo = () => void process.kill(-child.pid!, 'SIGKILL')
  process.prependOnceListener('exit', endToo)
  const hung: string[] = []
  const watch = setInterval(() => {
    hung.push(...readdirSync(now).filter((worker) => Date.now() - sinceOf(join(now, worker)) > stalled))
    if (hung.length > 0) endToo()
  }, 1000)
  await new Promise((resolve) => child.once('close', resolve))
  clearInterval(watch)
  process.off('exit', endToo)
  // Whatever a worker was doing when it crashed counts like something it hung at.
  for (const worker of hung.length > 0 ? new Set(hung) : readdirSync(now)) {
    const { mutant, test } = JSON.parse(readFileSync(join(now, worker), 'utf8')) as { mutant?: string; test: string }
    note(round.ledger, mutant ? { mutant, test, end: 'timeout' } : leftOut(test, round))
  }
  return hung.length === 0
}

function environmentOf(round: Round): NodeJS.ProcessEnv {
  return {
    ...process.env,
    MUTATION_LEDGER: round.ledger,
    MUTATION_SOURCES: round.sources,
    MUTATION_NOW: now,
    MUTATION_EVERY: String(round.every),
    MUTATION_MOST: String(round.most),
    MUTATION_AT_MOST: String(round.atMost),
    MUTATION_WORKERS: String(round.workers),
    MUTATION_PROCESSES: round.processes ? ours : '',
  }
}

/** A worker may end its note between two looks. */
function sinceOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
}
