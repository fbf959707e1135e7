import { vi } from 'vitest'

/** Resolves once `check` throws nothing more, with what it returns. The bound ends a test that hangs, on a busy machine too. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { interval: 5, timeout: 60_000 })
}
