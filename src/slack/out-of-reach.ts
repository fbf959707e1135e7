import { isOwn, plainWordsOf } from '../domain/outside-trouble.ts'
import { Refusal } from '../domain/refusal.ts'

/** What to say beside an answer that may be out of date, because some stacks could not be looked at. */
export function outOfReach(failures: readonly unknown[]): string[] {
  if (failures.length === 0) return []
  return ['This is what Countersign saw last, and may be out of date.', ...new Set(failures.map(reasonOf))]
}

function reasonOf(failure: unknown): string {
  if (failure instanceof Refusal) return failure.message
  if (isOwn(failure)) return 'Something went wrong within Countersign, of which its own log says more.'
  return `${plainWordsOf(failure) ?? 'Contentstack could not be reached'}; try again in a minute.`
}
