import { hash } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import type { Change } from './change.ts'

/**
 * A stack as the log knows it. It is recognised by `key`, a digest of its api_key, and everything stored calls it by
 * `id`, the first name that it was known by: so neither changes when it is renamed. `name` is its last configured name.
 */
const knownStack = z.object({ id: z.string(), name: z.string(), key: z.string() }).readonly()
export type KnownStack = z.infer<typeof knownStack>

/** The configured stacks, and those that were configured before. */
export const knownStacks = z.object({
  stacks: z.array(knownStack).readonly(),
  former: z.array(knownStack).readonly(),
})
export type KnownStacks = Readonly<z.infer<typeof knownStacks>>

export const noStacks: KnownStacks = { stacks: [], former: [] }

type Configured = { readonly name: string; readonly apiKey: string }

export function keyOfStack(apiKey: string): string {
  return hash('sha256', `countersign stack 1\n${apiKey}`)
}

/**
 * Finds each configured stack among the earlier ones, by its api_key alone. A new one gets an id that no other has had.
 */
export function recognise(before: KnownStacks, configured: readonly Configured[]): KnownStacks {
  const known = [...before.stacks, ...before.former]
  const taken = new Set(known.map(({ id }) => id))
  const stacks = configured.map(({ name, apiKey }): KnownStack => {
    const key = keyOfStack(apiKey)
    const id = known.find((stack) => stack.key === key)?.id ?? freeId(name, taken)
    taken.add(id)
    return { id, name, key }
  })
  const former = known.filter(({ id }) => stacks.every((stack) => stack.id !== id))
  return { stacks: inOrder(stacks), former: inOrder(former) }
}

/** No name in the configuration contains a `~`. */
function freeId(name: string, taken: ReadonlySet<string>): string {
  let id = name
  for (let n = 2; taken.has(id); n++) id = `${name}~${n}`
  return id
}

function inOrder(stacks: readonly KnownStack[]): KnownStack[] {
  return stacks.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

const settingsOfBefore = z.object({ stacks: z.array(z.object({ name: z.string(), apiKey: z.string() })) })

/** The stacks in the settings logged by a version that did not keep stacks separately: each was known by its name. */
export function stacksInSettings(settings: unknown): KnownStacks {
  const { stacks = [] } = settingsOfBefore.safeParse(settings).data ?? {}
  return recognise(noStacks, stacks)
}

/** People's name for a stack: its configured name, or its last. */
export function nameOfStack({ stacks, former }: KnownStacks, id: string): string {
  const configured = stacks.find((stack) => stack.id === id)
  if (configured) return configured.name
  const name = former.find((stack) => stack.id === id)?.name ?? id
  return stacks.some((stack) => stack.name === name) ? `${name} (earlier)` : name
}

/** The stack that somebody means by its name; a text that names none stands for itself. */
export function idOfStack(known: KnownStacks, name: string): string {
  const { stacks, former } = known
  const found = stacks.find((stack) => stack.name === name) ?? former.find(({ id }) => nameOfStack(known, id) === name)
  return found?.id ?? name
}

/** The reason a change can't be decided or applied with these stacks, as a clause; null if it can. */
export function noStackFor({ stacks, former }: KnownStacks, change: Pick<Change, 'stack' | 'stackKey'>): string | null {
  const configured = stacks.find(({ id }) => id === change.stack)
  if (configured)
    return change.stackKey === undefined || change.stackKey === configured.key ? null : otherStack(configured)
  const earlier = former.find(({ id }) => id === change.stack) ?? { name: change.stack }
  return stacks.some(({ name }) => name === earlier.name) ? otherStack(earlier) : notConfigured
}

/** For an attempt at something on a stack that is not configured. */
export function stackSetAside(): Refusal {
  return new Refusal(
    'unavailable',
    'This stack is no longer configured, so its tokens and changes are set aside. Nothing was done; ask whoever runs Countersign.',
  )
}

function otherStack({ name }: Pick<KnownStack, 'name'>): string {
  return `it was asked for on another stack that was called "${name}" before, which is no longer configured`
}

/** Whoever reads it sees the stack by its title. */
const notConfigured = 'its stack is no longer configured'
