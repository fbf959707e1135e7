import { asTyped } from '../../domain/as-typed.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { thenSaySo } from '../../domain/audit/put-back.ts'
import type { Verified } from './report.ts'

const ofStructure = 'in the database '

/** A difference between the database and what Countersign makes, as a finding: see `nextStep`. */
export function inTheDatabase(what: string): string {
  return ofStructure + what
}

/** The thing to do about a log that is not intact, as a sentence; null if it is, or if its findings say so themselves. */
export function nextStep({ intact, lastKey }: Verified, { current }: Keys, isExport = false): string | null {
  if (intact.holds !== false) return null
  if (current !== null && lastKey !== current.id)
    return `Next: check that you gave the keys of the app, the newest in AUDIT_KEY; if you did, ${goBack(isExport)}.`
  if (isExport) return `Next: ${goBack(isExport)}.`
  const { first } = intact.wrong
  const isStructure = first.every(({ seq, what }) => seq === null && what.startsWith(ofStructure))
  return isStructure ? `Next: run "${asTyped('doctor')}", which says how to undo each of these.` : `Next: ${goBack()}.`
}

function goBack(isExport = false): string {
  if (isExport) return 'verify the database that this export was made from'
  return `stop Countersign, keep a copy of the database as it is, put the last backup that verifies in its place, and ${thenSaySo()}`
}
