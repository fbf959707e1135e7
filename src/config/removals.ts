import { asTyped } from '../domain/as-typed.ts'
import type { Config } from './settings.ts'
import type { Written } from './yaml.ts'

/** Lists of people: the fewer are in them, the fewer may ask or approve. */
const ofPeople: ReadonlySet<string> = new Set(['approvers', 'may_ask', 'from'])

/** How many are named. */
const named = 5

/**
 * Says what the file no longer has that is in force; null if that is nothing. Half of a file may be a file too: with fewer
 * rules, or with a rule that has lost its quorum; and a line that is cut may be another value.
 */
export function removalProblem(before: Config, after: Config): string | null {
  const lacks = lacking(before.written, after.written)
  if (lacks === null) return null
  return `The file with the stacks ${lacks}. It may be only half written, so nothing of it was taken. Once it is whole, reload again; if it is as you want it, run "${asTyped('reload --allow-removals')}" or start Countersign again.`
}

function lacking(before: Written | undefined, after: Written | undefined): string | null {
  const gone = removedFrom(before?.content, after?.content)
  const isCut = before?.isLineEnded && after?.isLineEnded === false
  if (gone.length === 0) return isCut ? 'now ends in the middle of a line' : null
  const rest = gone.length > named ? ` and ${gone.length - named} more` : ''
  return `no longer has ${gone.slice(0, named).join(', ')}${rest}`
}

/** Every setting, and every entry of a list that is not of people, which is only in the first; the whole, not its parts. */
function removedFrom(before: unknown, after: unknown, at = ''): string[] {
  const isList = Array.isArray(before) || Array.isArray(after)
  const parts = (one: unknown) => partsOf(isList ? [one].flat() : one)
  const now = parts(after)
  return [...parts(before)].flatMap(([key, { called, value }]) => {
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
  const key = api_key === undefined ? String(name) : String(api_key).toLowerCase()
  return [key, { called: String(name), value }]
}
