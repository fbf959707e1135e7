type Hits = Record<string, number>
type Switch = {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number
  hitLimit?: number
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> }
}
/** The instrumented code asks it which mutant is awake, and tells it which it came past. */
export const mutants = (globalThis as { __stryker__?: Switch }).__stryker__ ?? {}
Object.assign(globalThis, { __stryker__: mutants })

/** Lets one mutant be what its code does, and no more than a hundred times as often as it is passed without one. */
export function wake(id: string, hits: number): void {
  mutants.activeMutant = id
  mutants.hitCount = 0
  mutants.hitLimit = hits * 100 + 1000
}
