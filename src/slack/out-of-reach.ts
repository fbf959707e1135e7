import { Refusal } from '../domain/refusal.ts'

/** What to say beside an answer that may be out of date, because some stacks could not be looked at. */
export function outOfReach(failures: readonly unknown[]): string[] {
  if (failures.length === 0) return []
  const reasons = failures.map((failure) =>
    failure instanceof Refusal ? failure.message : 'Contentstack could not be looked at; try again in a minute.',
  )
  return ['This is what Countersign saw last, and may be out of date.', ...new Set(reasons)]
}
