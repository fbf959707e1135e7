import type { KnownBlock } from '@slack/types'
import type { Refused } from '../../domain/policy/always-refused.ts'
import type { Choice } from '../../domain/policy/when.ts'
import { line, quote } from '../../words/pieces.ts'
import { enumerated, type Words } from '../../words/words.ts'
import { pack } from '../kit/layout.ts'
import type { Opened } from './opened.ts'

/** A choice that the policy can only refuse, as people call it. */
export type RefusedChoice = { readonly label: Words; readonly why: Refused }

/** Null for a choice that may be allowed, or that changes nothing. */
export function whyRefused({ refuses }: Pick<Opened, 'refuses'>, choice: Choice | null): Refused | null {
  return choice === null ? null : (refuses?.(choice) ?? null)
}

export function refusedChoice(opened: Opened, label: Words, choice: Choice | null): RefusedChoice[] {
  const why = whyRefused(opened, choice)
  return why === null ? [] : [{ label, why }]
}

const mostNamed = 5

/** Says what is not offered, and why: once for each rule. */
export function notOffered(refused: readonly RefusedChoice[]): KnownBlock[] {
  const byRule = [...Map.groupBy(refused, ({ why }) => why.rule).values()]
  return byRule.flatMap((group) => {
    const { rule, because } = group[0]!.why
    const labels = enumerated(
      group.map(({ label }) => label),
      mostNamed,
    )
    const it = group.length === 1 ? 'it' : 'them'
    const said: Words = [
      { strong: 'Not offered' },
      ': ',
      ...labels,
      `. The policy refuses ${it} (`,
      { said: rule },
      '):',
    ]
    return pack([isShort(because) ? [line(...said, ` ${because}`)] : [line(...said), quote(because)]], 1)
  })
}

/** A quote of its own takes two lines more. */
function isShort(because: string): boolean {
  return because.length <= 120 && !because.includes('\n')
}
