import { LogTrouble } from './log-trouble.ts'

/** Throws LogTrouble unless exactly one row was written, so that the transaction is undone. */
export function oneRow({ changes }: { readonly changes: number }): void {
  if (changes !== 1) throw notKept()
}

/** Throws LogTrouble unless `found` has, column for column, what was written. */
export function asWritten(found: readonly unknown[] | undefined, written: readonly unknown[]): void {
  if (found === undefined || written.some((value, i) => found[i] !== value)) throw notKept()
}

export function notKept(): LogTrouble {
  return new LogTrouble('the database did not keep what was written to it')
}
