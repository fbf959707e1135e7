import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { copy } from './copy.ts'
import { asItIs, named, note, readLedger, standing } from './ledger.ts'
import { testsOf, testsOfToday } from './tests.ts'

/** The ledger's name for a run of these tests with a mutant awake from the start. */
export function whileLoading(tests: readonly string[]): string {
  return named('while loading', tests.map(asItIs).join())
}

/**
 * Tries each mutant that no test reaches because its code runs before the first test, in its own run of the tests near
 * it.
 */
export async function tryWhileLoading(near: readonly string[], ledger: string): Promise<void> {
  const found = readLedger(ledger)
  const name = whileLoading(near)
  const { killed, timedOut, lived } = standing(found, new Set([...testsOfToday(), name]))
  const loaded = new Set(found.flatMap((one) => ('loaded' in one ? one.loaded : [])))
  for (const mutant of loaded) {
    if (killed.has(mutant) || timedOut.has(mutant) || lived.has(mutant)) continue
    const tests = testsOf([mutant.split('@')[0]!]).near
    note(ledger, { mutant, test: name, end: tests.length === 0 ? 'lived' : endOf(mutant, tests, ledger) })
  }
}

function endOf(mutant: string, tests: readonly string[], ledger: string): 'killed' | 'timeout' | 'lived' {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs')
  const env = { ...process.env, __STRYKER_ACTIVE_MUTANT__: mutant, MUTATION_LEDGER: ledger }
  const options = { cwd: copy, env, stdio: 'ignore', timeout: 120_000 } as const
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--config', 'test/mutation/vitest.config.ts', ...tests],
    options,
  )
  if (status === null) return 'timeout'
  return status === 0 ? 'lived' : 'killed'
}
