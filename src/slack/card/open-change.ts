import { diff } from '../../domain/token/diff.ts'
import type { StoredChange } from '../../ports/changes.ts'
import { type OtherChange, standing } from '../../words/standing.ts'
import type { Words } from '../../words/words.ts'

/** An open change, its card's permalink if it has a card, and the other open changes to its token. */
export type OpenShown = {
  readonly stored: StoredChange
  readonly link: string | null
  readonly others?: readonly OtherChange[]
}

/**
 * `#42 by @alice: Name, Expires. It is waiting for 1 approval. Open the card`, for a place that already names the
 * token.
 */
export function openChangeWords({ stored: { change }, link, others }: OpenShown): Words {
  const fields = diff(change.before, change.after).map((field) => field.label)
  return [
    { strong: `#${change.id}` },
    ' by ',
    { person: change.requester },
    `: ${fields.join(', ')}. It `,
    ...standing(change, others),
    '. ',
    ...(link === null ? [] : [{ link, name: 'Open the card' }]),
  ]
}
