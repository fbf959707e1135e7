import { rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type RunnerTask, type RunnerTestCase, type RunnerTestFile, TestRunner } from 'vitest'
import { hitsElsewhere } from './elsewhere.ts'
import { asItIs, type Found, note, readLedger, standing } from './ledger.ts'
import { isChosen } from './sample.ts'
import { mutants, wake } from './switch.ts'
import { testsOfToday } from './tests.ts'

const { MUTATION_LEDGER: ledger = '', MUTATION_SOURCES: sources = '', MUTATION_NOW: folder = '' } = process.env
/** Milliseconds that a test may take and still be used in this round. */
const atMost = Number(process.env.MUTATION_AT_MOST)
/** Tests may set the clock. */
const later = setTimeout
/** This worker's current work, in case it never reports again. */
const now = join(folder, process.env.VITEST_POOL_ID ?? '')
const most = Number(process.env.MUTATION_MOST ?? Number.POSITIVE_INFINITY)
const every = Number(process.env.MUTATION_EVERY ?? 1)

/** An error that nobody caught also fails a run of the tests. */
let uncaught = false
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, () => {
    uncaught = true
  })

/** The purpose of a test's next turn. */
type Turn =
  | { readonly kind: 'look' | 'again' | 'clean'; readonly last?: true }
  | { readonly kind: 'mutant'; readonly id: string }

/**
 * Runs each test repeatedly in the same process: twice without a mutant, to see which ones it reaches and that it
 * passes twice; then once for every mutant that it reaches and that still lives. After a kill, a clean turn, or a
 * second one, has to show that it left nothing behind; otherwise the kill does not count, and the test is given up.
 */
export default class MutationRunner extends TestRunner {
  private file = ''
  private turns: Turn[] = []
  private turn: Turn = { kind: 'look' }
  private begun = 0
  private took = 0
  private hangs = false
  private limits = new Map<string, number>()
  private suspect: Found[] = []
  private leftOut: string[] = []
  private gone = new Set<string>()
  private tried = new Map<string, number>()
  private lived = new Set<string>()

  onCollected(files: RunnerTestFile[]): void {
    mutants.currentTestId = 'between tests'
    this.file = asItIs(relative(process.cwd(), files[0]!.filepath))
    const { killed, timedOut, lived } = standing(readLedger(ledger), testsOfToday())
    this.gone = new Set([...killed, ...timedOut])
    this.tried = new Map([...lived].map(([id, tests]) => [id, tests.size]))
    this.lived = new Set()
    this.leftOut = []
    for (const file of files) oneAfterAnother(file)
  }

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test)
    test.repeats = Number.MAX_SAFE_INTEGER
    this.turns = [{ kind: 'look' }, { kind: 'again' }]
  }

  override onBeforeTryTask(test: RunnerTestCase, options: { retry: number; repeats: number }): void {
    super.onBeforeTryTask(test, options)
    const turn = this.turns.shift()
    if (!turn) return void test.context.skip()
    this.turn = turn
    this.begun = performance.now()
    uncaught = false
    this.hangs = false
    test.result!.errors = []
    delete mutants.mutantCoverage?.perTest.look
    mutants.currentTestId = turn.kind
    if (turn.kind === 'mutant') wake(turn.id, this.limits.get(turn.id) ?? 0)
    writeFileSync(now, JSON.stringify({ test: this.file, ...(turn.kind === 'mutant' && { mutant: turn.id }) }))
  }

  /** A test that takes ten times as long with a mutant as without hangs. */
  async runTask(test: RunnerTestCase): Promise<void> {
    const ends = TestRunner.getTestFn(test)()
    if (this.turn.kind !== 'mutant') return ends
    const hangs = new Promise<'hangs'>((resolve) => later(resolve, 2000 + 10 * this.took, 'hangs').unref())
    this.hangs = (await Promise.race([ends, hangs])) === 'hangs'
  }

  override async onAfterRetryTask(test: RunnerTestCase, options: { retry: number; repeats: number }): Promise<void> {
    await super.onAfterRetryTask(test, options)
    const { turn } = this
    const took = performance.now() - this.begun
    const failed = test.result?.state === 'fail'
    mutants.activeMutant = undefined
    if (turn.kind === 'mutant')
      this.afterMutant(turn.id, this.hangs ? 'timeout' : failed || uncaught ? 'killed' : 'lived')
    else if (failed && turn.kind === 'clean' && !turn.last) this.turns.unshift({ kind: 'clean', last: true })
    else if (failed || (turn.kind === 'look' && took > atMost)) this.leave(test)
    else if (turn.kind === 'look') this.reached(took)
    else if (turn.kind === 'clean') note(ledger, ...this.suspect.splice(0))
  }

  private reached(took: number): void {
    this.took = took
    const hits = { ...mutants.mutantCoverage?.perTest.look, ...hitsElsewhere() }
    this.limits = new Map(Object.entries(hits))
    const open = Object.keys(hits).filter(
      (id) => isChosen(id, every) && !this.gone.has(id) && (this.tried.get(id) ?? 0) < most,
    )
    if (open.length === 0) this.turns = []
    else this.turns.push(...open.map((id) => ({ kind: 'mutant' as const, id })))
  }

  private afterMutant(id: string, end: 'killed' | 'timeout' | 'lived'): void {
    if (end === 'lived') return void this.lived.add(id)
    this.gone.add(id)
    this.suspect = [{ mutant: id, test: this.file, end }]
    this.turns.unshift({ kind: 'clean' })
  }

  private leave(test: RunnerTestCase): void {
    for (const one of this.suspect.splice(0)) if ('end' in one) this.gone.delete(one.mutant)
    this.leftOut.push(test.name)
    this.turns = []
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    super.onAfterRunFiles(files)
    const lived = [...this.lived].filter((id) => !this.gone.has(id))
    note(ledger, ...lived.map((mutant) => ({ mutant, test: this.file, end: 'lived' as const })))
    note(ledger, { loaded: Object.keys(mutants.mutantCoverage?.static ?? {}).filter((id) => isChosen(id, every)) })
    note(ledger, { done: this.file, sources, leftOut: this.leftOut })
    mutants.currentTestId = undefined
    rmSync(now, { force: true })
  }
}

function oneAfterAnother(task: RunnerTask): void {
  task.concurrent = false
  if (task.type === 'suite') task.tasks.forEach(oneAfterAnother)
}
