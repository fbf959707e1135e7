type Hits = Record<string, number>
type Switch = {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number
  hitLimit?: number
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> }
}
/** The instrumented code asks this which mutant is awake, and reports here which ones it passed. */
export const mutants = (globalThis as { __stryker__?: Switch }).__stryker__ ?? {}
Object.assign(globalThis, { __stryker__: mutants })

/** Wakes one mutant, for at most a hundred times as many passes as without one. */
export function wake(id: string, hits: number): void {
  mutants.activeMutant = id
  mutants.hitCount = 0
  mutants.hitLimit = hits * 100 + 1000
}
