import { z } from 'zod'
import type { Effect } from '../token/effect.ts'
import type { Asked, Condition, RuledStacks } from './condition.ts'
import { conditions } from './conditions.ts'
import { matchesAny } from './glob.ts'
import { type Verdict, verdicts } from './widening.ts'

type Key = keyof typeof conditions
type Values = { readonly [K in Key]: z.output<(typeof conditions)[K]['kept']> }

/** The conditions of a rule: each one given has to hold. */
export type When = { readonly [K in Key]?: Values[K] | undefined }

const registry: { readonly [K in Key]: Condition<Values[K]> } = conditions
const keys = Object.keys(registry) as readonly Key[]

/** As a policy keeps it. */
export const keptWhen = z.strictObject(
  Object.fromEntries(keys.map((key) => [key, registry[key].kept.optional()])),
) as z.ZodType<When>

/** As an operator writes it. */
export const writtenWhen = z
  .strictObject(Object.fromEntries(keys.map((key) => [registry[key].setting, registry[key].written.optional()])))
  .transform((file) => {
    const values = keys.map((key) => [key, file[registry[key].setting]] as const)
    return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as When
  })

/** Works out the `effects` only if a condition needs them: an approver waits for this, and many rules need none. */
export function fits(when: When, asked: Asked, effects: () => readonly Effect[]): boolean {
  return given(when).every(({ condition, value }) => condition.fits(value, asked, effects))
}

/** All that is known of an edit before it is chosen. */
export type Known = Omit<Asked, 'after'>

/** Edits with something in them that somebody chose: each of them fits all of `whens`, and has one of `verdicts`. */
export type Choice = { readonly whens: readonly When[]; readonly verdicts: readonly Verdict[] }

/** How many of the edits with this choice in them fit, as far as that can be told: all, none, or perhaps some. */
export function fitOf(when: When, known: Known, { whens, verdicts }: Choice): 'always' | 'never' | 'perhaps' {
  const all = given(when)
  const settled = all.filter(({ condition }) => condition.isSettled)
  const asked = { ...known, after: known.before }
  if (!settled.every(({ condition, value }) => condition.fits(value, asked, () => []))) return 'never'
  if (!verdictsOf(when).some((one) => verdicts.includes(one))) return 'never'
  const narrow: When[] = [...whens, { verdict: [...verdicts] }]
  const isSure = all
    .filter(({ condition }) => !condition.isSettled)
    .every(({ key, condition, value }) => narrow.some((one) => condition.covers(value, one[key])))
  return isSure ? 'always' : 'perhaps'
}

/** True if every edit that fits `narrow` also fits `wide`, false if that can't be told. */
export function covers(wide: When, narrow: When): boolean {
  return given(wide).every(({ key, condition, value }) => condition.covers(value, narrow[key]))
}

/** The verdicts possible for a change that fits. */
export function verdictsOf(when: When): Verdict[] {
  const allowed = given(when).map(({ condition, value }) => condition.verdicts(value))
  return verdicts.filter((verdict) => allowed.every((some) => some.includes(verdict)))
}

/** People and user groups: the rule depends on which of them the requester is. */
export function askersIn(when: When): string[] {
  return given(when).flatMap(({ condition, value }) => condition.askers(value))
}

type Mistake = { readonly setting: string; readonly says: string }

/** Mistakes on these stacks, each the rest of a sentence about the rule. */
export function mistakesIn(when: When, all: RuledStacks['all']): Mistake[] {
  const stacks = { all, concerned: all.filter(({ name }) => matchesAny(when.stack ?? ['*'], name)) }
  return given(when).flatMap(({ condition, value }) =>
    condition.mistakes(value, stacks).map((says) => ({ setting: condition.setting, says })),
  )
}

type Given<K extends Key> = { readonly key: K; readonly condition: Condition<Values[K]>; readonly value: Values[K] }

/** The conditions that the rule has, with their values. */
function given(when: When): Given<Key>[] {
  return keys.flatMap((key) => givenOf(when, key))
}

function givenOf<K extends Key>(when: When, key: K): Given<K>[] {
  const value: Values[K] | undefined = when[key]
  return value === undefined ? [] : [{ key, condition: registry[key], value }]
}
