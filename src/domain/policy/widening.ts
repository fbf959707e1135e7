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

/**
 * The ways in which an edit changes what the token may do. Empty exactly if the access stays the same. `at`: an expiry that
 * was over by then had ended the token; if null, nobody asks.
 */
export function effectsOf(before: Settings, after: Settings, at: string | null = null): Effect[] {
  const all: Effect[] = []
  for (const of of effects) all.push(...of(before, after, at))
  return all
}

/** An edit, and when it was asked for or made (`revisedAt`), shown (`asOf`), or ended. */
export type Judged = {
  readonly before: Settings
  readonly after: Settings
  readonly revisedAt?: string | undefined
  readonly asOf?: string | undefined
  readonly endedAt?: string | undefined
}

/** The instant at which an expiry counts as over in what is said of an edit; null if none is known. */
export function judgedAt({ endedAt, asOf, revisedAt }: Judged): string | null {
  return endedAt ?? asOf ?? revisedAt ?? null
}

/** Fields that are judged together share one function. */
const effects = [...new Set(settingKeys.map((key) => fields[key].effects))].filter((of) => of !== noEffects)
