import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    // Vitest would leave one processor idle; most of these tests wait for another process anyway.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
})
