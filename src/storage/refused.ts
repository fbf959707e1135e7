import { Refusal } from '../domain/refusal.ts'

/** `why` completes a sentence that begins with the database. */
export function refused(database: string, why: string): Refusal {
  return new Refusal('unavailable', `${database} ${why}. Nothing was done.`)
}
