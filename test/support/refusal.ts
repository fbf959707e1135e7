import { Refusal } from '../../src/domain/refusal.ts'

/** The refusal that a decision throws; anything else fails the test. */
export function refusalOf(decision: () => unknown): { code: string; message: string } {
  const { code, message } = refusedBy(decision)
  return { code, message }
}

/** The same, with all that it says. */
export function refusedBy(decision: () => unknown): Refusal {
  try {
    decision()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('expected a refusal')
}
