import type { Change } from '../domain/change/change.ts'
import { distinct } from '../domain/look-alikes.ts'
import { knownField } from './fields.ts'
import { line, type Piece } from './pieces.ts'
import type { Words } from './words.ts'

/** People's name for the token's stack, and the end of its uid (see `uidEndOf`) if its name is not the only one there. */
export type Which = { readonly stackTitle: string; readonly uidEnd?: string | null | undefined }

/** `twin (…b011) on Website` */
export function tokenOn(name: string, { stackTitle, uidEnd }: Which): Words {
  return [{ said: distinct(name) }, ...endInWords(uidEnd), ' on ', { said: stackTitle }]
}

/** `#42 to token twin (…b011) on Website` */
export function about({ id, before }: Pick<Change, 'id' | 'before'>, which: Which): Words {
  return [`#${id} to token `, ...tokenOn(before.name, which)]
}

/** The lines `Token: twin (…b011)` and `Stack: Website`. */
export function tokenFields(name: string, { stackTitle, uidEnd }: Which): Piece[] {
  const stack = line({ strong: 'Stack' }, ': ', { said: stackTitle })
  if (!uidEnd) return [...knownField('Token', distinct(name)), stack]
  return [line({ strong: 'Token' }, ': ', { said: distinct(name) }, ...endInWords(uidEnd)), stack]
}

/** ` (…b011)`, behind a name that other tokens of the stack have too. */
export function endInWords(uidEnd: string | null | undefined): Words {
  return uidEnd ? [' (', { said: uidEnd }, ')'] : []
}
