import { isOwn, plainWordsOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Looks } from '../../workflow/looks/looks.ts'

/** Said beside an answer that may be out of date, because some stacks could not be looked at. */
export function outOfReach(failures: readonly unknown[]): string[] {
  return failures.length === 0 ? [] : [asLastSeen, ...reasonsOf(failures)]
}

/**
 * The same for all known stacks, without the reason that was already `said`. For a stack that was never listed, nothing
 * was seen that could be out of date.
 */
export async function allOutOfReach(
  looks: Pick<Looks, 'known' | 'neverListed' | 'titleOf'>,
  failures: readonly unknown[],
  said: string | null = null,
): Promise<string[]> {
  if (failures.length === 0) return []
  const unlisted = await unlistedTitles(looks)
  const lead = (await looks.known()).length > 0 ? [asLastSeen] : []
  const reasons = reasonsOf(failures).filter((reason) => reason !== said)
  return [...lead, ...unlisted.map(notListedYet), ...reasons]
}

/** The titles of the stacks that were never listed. */
export async function unlistedTitles(looks: Pick<Looks, 'neverListed' | 'titleOf'>): Promise<string[]> {
  return Promise.all((await looks.neverListed()).map(looks.titleOf))
}

function notListedYet(title: string): string {
  return `The tokens of ${title} have not been listed yet.`
}

const asLastSeen = 'This is what Countersign saw last, and may be out of date.'

function reasonsOf(failures: readonly unknown[]): string[] {
  return [...new Set(failures.map(reasonOf))]
}

function reasonOf(failure: unknown): string {
  if (failure instanceof Refusal) return failure.message
  if (isOwn(failure)) return 'Something went wrong in Countersign itself; its own log says more.'
  return `${plainWordsOf(failure) ?? 'Contentstack could not be reached'}; try again in a minute.`
}
