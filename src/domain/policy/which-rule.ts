import type { Effect } from '../token/effect.ts'
import type { Asked } from './condition.ts'
import type { Policy, Rule } from './policy.ts'
import { fits } from './when.ts'
import { effectsOf } from './widening.ts'

/** The first rule that fits; null if none does, and then nobody may approve the edit. */
export function ruleFor(policy: Policy, asked: Asked): Rule | null {
  let known: readonly Effect[] | undefined
  const effects = () => (known ??= effectsOf(asked.before, asked.after))
  return policy.rules.find((rule) => fits(rule.when, asked, effects)) ?? null
}
