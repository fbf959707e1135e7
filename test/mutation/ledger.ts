import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/**
 * The findings of a run, a line each, so that the next continues from there. The name of a mutant contains a digest of
 * its file, and that of a test one of its own: findings about another text no longer count.
 */
export type Found =
  | { readonly mutant: string; readonly test: string; readonly end: 'killed' | 'timeout' | 'lived' }
  /** This file of tests was tried on everything it reaches in these sources. */
  | { readonly done: string; readonly sources: string; readonly leftOut: readonly string[] }
  /** Mutants that were passed while modules were loading. */
  | { readonly loaded: readonly string[] }

export function note(ledger: string, ...found: readonly Found[]): void {
  if (found.length > 0) appendFileSync(ledger, `${found.map((one) => JSON.stringify(one)).join('\n')}\n`)
}

export function readLedger(ledger: string): Found[] {
  if (!existsSync(ledger)) return []
  const lines = readFileSync(ledger, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** Names a file by its current text. */
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
  /** For each mutant, the tests that met it and passed. */
  readonly lived: ReadonlyMap<string, ReadonlySet<string>>
}

/** The fate of each mutant, as far as today's tests found it out. */
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

/** The files of tests still to be run for these sources. */
export function undone(found: readonly Found[], tests: readonly string[], sources: string): string[] {
  const done = new Set(found.flatMap((one) => ('done' in one && one.sources === sources ? [one.done] : [])))
  return tests.filter((test) => !done.has(test))
}
