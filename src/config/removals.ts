import { asTyped } from '../domain/as-typed.ts'
import type { Config } from './settings.ts'

/** Lists of people: the fewer are in them, the fewer may ask or approve. */
const ofPeople: ReadonlySet<string> = new Set(['approvers', 'may_ask', 'from'])

/** How many are named. */
const named = 5

/**
 * Says what the file no longer has that is in force; null if that is nothing. Half of a file may be a file too: with fewer
 * rules, or with a rule that has lost its quorum.
 */
export function removalProblem(before: Config, after: Config): string | null {
  const gone = removedFrom(before.written, after.written)
  if (gone.length === 0) return null
  const rest = gone.length > named ? ` and ${gone.length - named} more` : ''
  return `The file with the stacks no longer has ${gone.slice(0, named).join(', ')}${rest}. It may be only half written, so nothing of it was taken. Write it to its end and reload again; if this is to go, run "${asTyped('reload --allow-removals')}" or start Countersign again.`
}

/** Every setting, and every entry of a list that is not of people, which is only in the first; the whole, not its parts. */
function removedFrom(before: unknown, after: unknown, at = ''): string[] {
  const now = partsOf(Array.isArray(before) ? [after].flat() : after)
  return [...partsOf(before)].flatMap(([key, { called, value }]) => {
    const there = now.get(key)
    return there === undefined ? [`${at}${called}`] : removedFrom(value, there.value, `${at}${called}.`)
  })
}

type Part = { readonly called: string; readonly value: unknown }

function partsOf(content: unknown): ReadonlyMap<string, Part> {
  if (typeof content !== 'object' || content === null) return new Map()
  if (Array.isArray(content)) return new Map(content.map((value, i) => entry(value, i)))
  return new Map(
    Object.entries(content).map(([key, value]) => [key, { called: key, value: ofPeople.has(key) ? null : value }]),
  )
}

/** A stack is the same as long as its api_key is, and a rule as long as its name is. */
function entry(value: unknown, index: number): [string, Part] {
  if (typeof value !== 'object' || value === null) return [String(value), { called: String(value), value }]
  const { api_key, name = index } = value as { readonly api_key?: unknown; readonly name?: unknown }
  return [String(api_key ?? name).toLowerCase(), { called: String(name), value }]
}
