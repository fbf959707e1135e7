import { type KnownStacks, nameOfStack } from '../domain/change/known-stacks.ts'
import { Refusal } from '../domain/refusal.ts'
import type { LogReads } from '../ports/log.ts'
import { recogniseStacks } from '../workflow/looks/known-stacks.ts'

/** The same, with the name that people use for its stack. Only for showing: whatever is written uses the id. */
export function named<T extends { readonly stack: string }>(known: KnownStacks, one: T): T {
  return { ...one, stack: nameOfStack(known, one.stack) }
}

type Configured = { readonly name: string; readonly apiKey: string }

/**
 * The configured stacks, by the ids in the log. Throws a Refusal if the app was not started with this stack as it is
 * configured here: it would not know what to do with a change to it.
 */
export async function stacksAsStarted(
  store: LogReads,
  configured: readonly Configured[],
  name: string,
): Promise<KnownStacks> {
  const known = await recogniseStacks(store, configured)
  const started = await store.lastFact('stacks_known')
  const [ours] = known.stacks.filter((stack) => stack.name === name)
  const isAsStarted = started?.stacks.some(({ key, name }) => key === ours?.key && name === ours.name) ?? true
  if (isAsStarted) return known
  throw new Refusal(
    'unavailable',
    `When the app was last started, it had no stack "${name}" with this api_key. Nothing was done: start it with these settings first.`,
  )
}
