import { spawnSync } from 'node:child_process'

/**
 * `npm run model`: many more of the random histories than the tests take, from the seed SEED on, or from one that is printed.
 * Ends with 1 when one of them shows a claim that goes beyond what was so; its seed is in the title of the test that fails.
 */
const { MODEL_RUNS = '20000', SEED = String(Date.now() % 2 ** 31) } = process.env
process.stdout.write(`${MODEL_RUNS} histories from the seed ${SEED}\n`)
const { status } = spawnSync('npx', ['vitest', 'run', '--reporter=verbose', 'test/workflow/truth.property.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, MODEL_RUNS, SEED },
})
process.exitCode = status ?? 1
