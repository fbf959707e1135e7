import { isOrphaned } from '../domain/change/askers.ts'
import { asideBecause, type Change } from '../domain/change/change.ts'
import type { StoredChange } from '../ports/changes.ts'
import { whatItDoes } from './headline.ts'
import { tooFewInWords } from './requirement.ts'
import { cardlessInWords, type OtherChange, standing } from './standing.ts'
import type { Which } from './which-token.ts'
import type { Word, Words } from './words.ts'

/**
 * A change and what its line needs: its token, its card's permalink if it has a card, and the other open
 * changes to its token, which it may wait for.
 */
export type ListedChange = Which & {
  readonly stored: StoredChange
  readonly link: string | null
  readonly others?: readonly OtherChange[]
}

/** `#42 Renames ci-deploy to ci, and 1 more · Website. It is waiting for 1 approval. Open the card` */
export function changeWords({ stored: { change }, link, others, stackTitle, uidEnd }: ListedChange): Words {
  return [
    { strong: `#${change.id}` },
    ' ',
    ...whatItDoes(change, uidEnd),
    ' · ',
    { said: stackTitle },
    '. It ',
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
