import { isOrphaned } from '../domain/change/askers.ts'
import { asideBecause, type Change } from '../domain/change/change.ts'
import { distinct } from '../domain/look-alikes.ts'
import { diff } from '../domain/token/diff.ts'
import type { StoredChange } from '../ports/changes.ts'
import { tooFewInWords } from './requirement.ts'
import { cardlessInWords, type OtherChange, standing } from './standing.ts'
import type { Word, Words } from './words.ts'

/**
 * A change and what its line needs: its stack's title, its card's permalink if it has a card, and the other open
 * changes to its token, which it may wait for.
 */
export type ListedChange = {
  readonly stored: StoredChange
  readonly stackTitle: string
  readonly link: string | null
  readonly others?: readonly OtherChange[]
}

/** `#42 ci-deploy on Website: Name, Expires. It is waiting for 1 approval. Open the card` */
export function changeWords({ stored: { change }, stackTitle, link, others }: ListedChange): Words {
  const fields = diff(change.before, change.after).map((field) => field.label)
  return [
    { strong: `#${change.id}` },
    ' ',
    { said: distinct(change.before.name) },
    ' on ',
    { said: stackTitle },
    `: ${fields.join(', ')}. It `,
    ...standing(change, others),
    '. ',
    ...nobodyLeft(change),
    ...cardlessInWords(change).map((words) => `${words} `),
    ...cardLink(link),
  ]
}

function nobodyLeft(change: Change): Words {
  if (change.status !== 'pending' || asideBecause(change) !== null || isOrphaned(change)) return []
  return tooFewInWords(change).flatMap((words) => [...words, ' '])
}

export function cardLink(link: string | null): Word[] {
  return link === null ? [] : [{ link, name: 'Open the card' }]
}
