import { vi } from 'vitest'

/**
 * Resolves with the result of `check` once it no longer throws. The limit ends a test that hangs, even on a busy
 * machine.
 */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { interval: 5, timeout: 60_000 })
}
