import { thenSaySo } from './put-back.ts'

/** Why no other key is accepted, and what to do, in sentences: an entry was not made with the key that it names. */
export function misnamed(seq: number): string {
  return (
    `Entry #${seq} of the audit log was not written with the key that it names, so no other key is accepted. Somebody may have ` +
    `written to the database: keep a copy of it as it is, put the last backup that verifies in its place, and ${thenSaySo()}.`
  )
}
