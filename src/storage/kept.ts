/** What was written is not what is there when it is read back. `why` is a clause. */
export class NotKept extends Error {
  override name = 'NotKept'
  readonly why = 'the database did not keep what was written to it'
}

/** Throws NotKept unless exactly one row was written, so that the transaction is undone. */
export function oneRow({ changes }: { readonly changes: number }): void {
  if (changes !== 1) throw new NotKept(`${changes} rows were written instead of one.`)
}

/** Throws NotKept unless `found` has, column for column, what was written. */
export function asWritten(found: readonly unknown[] | undefined, written: readonly unknown[]): void {
  if (found === undefined || written.some((value, i) => found[i] !== value))
    throw new NotKept('A row that was written is another one when it is read back.')
}
