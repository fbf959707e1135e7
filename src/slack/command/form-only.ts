import { verbMeant } from '../../domain/quick/in-english.ts'
import { cutAtBecause } from '../../domain/quick/quoted.ts'
import { type Group, groupOfVerb } from '../edit/form-groups.ts'
import type { Begun } from '../kit/ids.ts'

/** Settings that only the form changes, by the words that people have for them. */
const only: readonly { readonly word: RegExp; readonly group: Group; readonly says: string }[] = [
  {
    word: /\b(?:notif\w*|e-?mails?|mails?|mute|unmute|warn\w*|remind\w*)\b/i,
    group: 'expiry',
    says: 'The e-mail before a token expires is set in the form: Edit… opens it there.',
  },
  {
    word: /\b(?:descri\w*|notes?|comments?)\b/i,
    group: 'naming',
    says: 'The description is set in the form: Edit… opens it there.',
  },
]

/** The part of the form that a line is about, if no command changes that; null for other lines. */
export function formOnly(typed: string): { readonly group: Group; readonly says: string } | null {
  return only.find(({ word }) => word.test(cutAtBecause(typed).head)) ?? null
}

const said: readonly (readonly [RegExp, Group])[] = [
  [/\b(?:rate|rates|limits?)\b/i, 'rates'],
  [/\b(?:branch|branches|alias|aliases|scope)\b/i, 'scope'],
  [/\b(?:access|permissions?|rights?|modules?)\b/i, 'access'],
  [/\b(?:expiry|expiration|expires?|date|until|never|\d+\s?d(?:ays?)?)\b/i, 'expiry'],
  [/\b(?:name|rename)\b/i, 'naming'],
]

/** The part of the form that such words name; null if they name none. */
export function groupSaid(words: string): Group | null {
  return formOnly(words)?.group ?? said.find(([word]) => word.test(words))?.[1] ?? null
}

/** The part of the form that such a line has filled in already. */
export function begunBy(typed: string): Begun {
  const verb = verbMeant(typed)
  const group = formOnly(typed)?.group ?? (verb === null ? null : groupOfVerb[verb])
  return { group, reason: cutAtBecause(typed).reason ?? '' }
}
