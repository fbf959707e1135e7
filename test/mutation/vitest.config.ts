import { defineConfig, mergeConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import config from '../../vitest.config.ts'

/** A mutant that a quick test kills need not meet a slow one. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => /property|honest|journeys/.test(moduleId)
    return files.toSorted((one, other) => Number(isSlow(one)) - Number(isSlow(other)))
  }
}

export default mergeConfig(
  config,
  defineConfig({
    test: {
      root: process.cwd(),
      // A mutant in code that runs while modules load is awake from the start, and one failure is enough.
      ...(process.env.__STRYKER_ACTIVE_MUTANT__ ? { bail: 1 } : { runner: 'test/mutation/runner.ts' }),
      setupFiles: ['test/mutation/setup.ts'],
      sequence: { sequencer: QuickestFirst },
      maxWorkers: Number(process.env.MUTATION_WORKERS ?? 1),
      maxConcurrency: 1,
      testTimeout: 15_000,
      hookTimeout: 10_000,
      reporters: [{}],
      silent: true,
      dangerouslyIgnoreUnhandledErrors: true,
    },
  }),
)
