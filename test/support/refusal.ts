import { Refusal } from '../../src/domain/refusal.ts'

/** The refusal that a decision throws; anything else fails the test. */
export function refusalOf(decision: () => unknown): { code: string; message: string } {
  try {
    decision()
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('expected a refusal')
}
