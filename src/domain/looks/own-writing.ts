import type { Change } from '../change/change.ts'
import type { Alike } from '../token/field.ts'

/**
 * The forms any stack might use: without spaces around it or with single ones, or with letters composed differently.
 */
export const isSameText: Alike = (sent, found) => plain(sent) === plain(found)

/**
 * The forms some stack might use: lower case, other quotes, without accents or signs, or cut short. Somebody may have
 * typed that too, so it is believed only of something that an update of ours has just brought.
 */
export const isLikeText: Alike = (sent, found) => {
  if (isSameText(sent, found)) return true
  const [asked, kept] = [bare(sent), bare(found)]
  return kept !== '' && (kept === asked || (kept.length >= shortestCut && asked.startsWith(kept)))
}

/** Also allows signs spelled out as for a web page: never believed, but nobody can rule it out. */
export const mayBeText: Alike = (sent, found) => isLikeText(sent, found) || isLikeText(sent, found.replace(spelt, ''))

/** `&amp;`, `&#39;` */
const spelt = /&#?\w+;/g

/** How far a value may differ from what a change sent: if the stack's version is known, nobody needs to guess. */
export function alikeFor(change: Change): Alike {
  const answer = change.status === 'applying' ? change.write?.answer : undefined
  const isTold = change.status === 'applied' || (answer?.kind === 'taken' && answer.stored !== undefined)
  return isTold || !change.sends?.length ? isSameText : isLikeText
}

/** No stack cuts a text shorter than this many letters. */
const shortestCut = 20

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** Only its letters and digits. */
function bare(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
