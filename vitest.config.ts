import { statfsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Those that start processes or a browser, or live through many histories, take longest, and begin first: else the last of them
 * would run on alone. Vitest itself goes by the length of a file.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      /\/test\/(crash|browser|bench\.test|cli\/audit\/honest|workflow\/truth|journeys\/every-setting)/.test(moduleId)
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

/**
 * Databases and browsers of the tests live in memory, where there is room: none of them is there to outlast a power cut, and
 * each commit would wait for the disk.
 */
function temporaryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2e9 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    // Starts no server yet: the first test that needs one does.
    globalSetup: ['test/support/postgres-setup.ts'],
    // The files share one process after another: to load the app's modules anew for each took half of the time.
    isolate: false,
    env: { TMPDIR: temporaryFolder() },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    sequence: { sequencer: LongestFirst },
    // A tenth less of the processors goes into tidying up what is new, which these tests make much of.
    execArgv: ['--max-semi-space-size=64'],
    // More than there are processors: most of these tests wait for another process now and then.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // Tests of one file at once: each of them starts processes, with two such files at a time.
    maxConcurrency: 3,
    // No promise about speed: it ends a test that hangs, also on a machine that has a lot else to do.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
