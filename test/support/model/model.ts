import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { type Command, someCommands, someKind } from './commands.ts'
import { live, type Start } from './history.ts'
import { everybody, groups, somePolicy } from './rules.ts'
import { shorten } from './shorten.ts'

/** How many histories one seed gives, the same each time. */
export const inOneSeed = 50

const start: fc.Arbitrary<Start> = fc.record({
  kind: someKind,
  policies: fc.array(somePolicy, { minLength: 2, maxLength: 3 }),
  members: fc.array(fc.subarray(everybody, { minLength: 1 }), { minLength: groups.length, maxLength: groups.length }),
})

/**
 * Lives through that many histories. Resolves to a report on the first one that fails, or null; calls `onEvent` for
 * each event.
 */
export async function tryOut(
  seed: number,
  runs: number,
  onEvent: (type: string) => void = () => {},
): Promise<string | null> {
  const property = fc.asyncProperty(start, someCommands, async (start, commands) => {
    for (const type of await live(start, commands)) onEvent(type)
  })
  const { counterexample } = await fc.check(property, { numRuns: runs, seed, endOnFailure: true })
  return counterexample && report(seed, ...counterexample)
}

async function report(seed: number, start: Start, commands: readonly Command[]): Promise<string> {
  const found = await failureOf(start, commands)
  const failsStill = async (fewer: readonly Command[]) => isAlike(await failureOf(start, fewer), found)
  const shortest = await shorten(commands, failsStill)
  const failure = await failureOf(start, shortest)
  const lines = [start, ...shortest].map((one) => JSON.stringify(one))
  return [`From the seed ${seed}:`, ...lines, failure?.stack].join('\n')
}

async function failureOf(start: Start, commands: readonly Command[]): Promise<Error | null> {
  return live(start, commands).then(
    () => null,
    (error: Error) => error,
  )
}

/** Ignores which change it is about. */
function isAlike(one: Error | null, other: Error | null): boolean {
  const kind = (error: Error | null) => error?.message.replace(/#?\d+/g, '')
  return isDeepStrictEqual(kind(one), kind(other))
}
