import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/**
 * What one run found out, a line each, so that the next goes on from there. Names of mutants hold a digest of their file, those
 * of tests one of theirs: what was found with another text no longer counts.
 */
export type Found =
  | { readonly mutant: string; readonly test: string; readonly end: 'killed' | 'timeout' | 'lived' }
  /** The file of tests was tried on all that it reaches in these sources. */
  | { readonly done: string; readonly sources: string; readonly leftOut: readonly string[] }
  /** Mutants that were passed while modules were loaded. */
  | { readonly loaded: readonly string[] }

export function note(ledger: string, ...found: readonly Found[]): void {
  if (found.length > 0) appendFileSync(ledger, `${found.map((one) => JSON.stringify(one)).join('\n')}\n`)
}

export function readLedger(ledger: string): Found[] {
  if (!existsSync(ledger)) return []
  const lines = readFileSync(ledger, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** Names a file as it is now. */
export function named(path: string, text: string): string {
  return `${path}@${digest(text)}`
}

export function asItIs(path: string): string {
  return named(path, readFileSync(path, 'utf8'))
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10)
}

export type Standing = {
  readonly killed: ReadonlySet<string>
  readonly timedOut: ReadonlySet<string>
  /** Of each mutant, the tests that met it and passed. */
  readonly lived: ReadonlyMap<string, ReadonlySet<string>>
}

/** Where each mutant stands, as far as the tests of today found it out. */
export function standing(found: readonly Found[], tests: ReadonlySet<string>): Standing {
  const killed = new Set<string>()
  const timedOut = new Set<string>()
  const lived = new Map<string, Set<string>>()
  for (const one of found) {
    if (!('end' in one) || !tests.has(one.test)) continue
    if (one.end === 'killed') killed.add(one.mutant)
    if (one.end === 'timeout') timedOut.add(one.mutant)
    if (one.end === 'lived') lived.set(one.mutant, (lived.get(one.mutant) ?? new Set()).add(one.test))
  }
  return { killed, timedOut, lived }
}

/** The files of tests that have to be run yet, for these sources. */
export function undone(found: readonly Found[], tests: readonly string[], sources: string): string[] {
  const done = new Set(found.flatMap((one) => ('done' in one && one.sources === sources ? [one.done] : [])))
  return tests.filter((test) => !done.has(test))
}
