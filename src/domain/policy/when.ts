import { z } from 'zod'
import type { Effect } from '../token/effect.ts'
import type { Asked, Condition, RuledStacks } from './condition.ts'
import { conditions } from './conditions.ts'
import { matchesAny } from './glob.ts'
import { type Verdict, verdicts } from './verdict.ts'

type Key = keyof typeof conditions
type Values = { readonly [K in Key]: z.output<(typeof conditions)[K]['kept']> }

/** The conditions of a rule: every one that is given has to hold. */
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

/** `effects` are worked out for the first condition that asks for them: an approver waits for this, and many rules ask for none. */
export function fits(when: When, asked: Asked, effects: () => readonly Effect[]): boolean {
  return given(when).every(({ condition, value }) => condition.fits(value, asked, effects))
}

/** True where whatever fits `narrow` fits `wide` as well, and false where that can't be told. */
export function covers(wide: When, narrow: When): boolean {
  return given(wide).every(({ key, condition, value }) => condition.covers(value, narrow[key]))
}

/** The verdicts that a change may have which fits. */
export function verdictsOf(when: When): Verdict[] {
  const allowed = given(when).map(({ condition, value }) => condition.verdicts(value))
  return verdicts.filter((verdict) => allowed.every((some) => some.includes(verdict)))
}

/** People and user groups that it depends on whether the requester is among them. */
export function askersIn(when: When): string[] {
  return given(when).flatMap(({ condition, value }) => condition.askers(value))
}

type Mistake = { readonly setting: string; readonly says: string }

/** What can't work on these stacks, each the rest of a sentence about the rule. */
export function mistakesIn(when: When, all: RuledStacks['all']): Mistake[] {
  const stacks = { all, concerned: all.filter(({ name }) => matchesAny(when.stack ?? ['*'], name)) }
  return given(when).flatMap(({ condition, value }) =>
    condition.mistakes(value, stacks).map((says) => ({ setting: condition.setting, says })),
  )
}

type Given<K extends Key> = { readonly key: K; readonly condition: Condition<Values[K]>; readonly value: Values[K] }

/** Every condition that the rule has. */
function given(when: When): Given<Key>[] {
  return keys.flatMap((key) => givenOf(when, key))
}

function givenOf<K extends Key>(when: When, key: K): Given<K>[] {
  const value: Values[K] | undefined = when[key]
  return value === undefined ? [] : [{ key, condition: registry[key], value }]
}
