import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    // The files share one process after another: to load the app's modules anew for each took half of the time.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    // Vitest would leave one processor idle; most of these tests wait for another process anyway.
    maxWorkers: '100%',
    // Tests of one file at once: each of them starts processes, with two such files at a time.
    maxConcurrency: 3,
    // No promise about speed: it ends a test that hangs, also on a machine that has a lot else to do.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
