import { type Effect, noEffects } from '../token/effect.ts'
import { fields, settingKeys } from '../token/fields.ts'
import type { Settings } from '../token/token.ts'

export const verdicts = ['widens', 'narrows', 'both', 'neutral'] as const
export type Verdict = (typeof verdicts)[number]

export function verdictOf(effects: readonly Effect[]): Verdict {
  const wider = effects.some((effect) => effect.direction !== 'narrower')
  const narrower = effects.some((effect) => effect.direction !== 'wider')
  if (wider && narrower) return 'both'
  if (wider) return 'widens'
  return narrower ? 'narrows' : 'neutral'
}

/** The ways in which an edit changes what the token may do. Empty exactly if the access stays the same. */
export function effectsOf(before: Settings, after: Settings): Effect[] {
  const all: Effect[] = []
  for (const of of effects) all.push(...of(before, after))
  return all
}

/** Fields that are judged together share one function. */
const effects = [...new Set(settingKeys.map((key) => fields[key].effects))].filter((of) => of !== noEffects)
