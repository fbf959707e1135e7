import type { Change } from '../change/change.ts'
import type { Alike } from '../token/field.ts'

/** As every stack might write it: without the spaces around it or with single ones, its letters composed otherwise. */
export const isSameText: Alike = (sent, found) => plain(sent) === plain(found)

/**
 * As some stack might: in small letters, with other quotes, without accents or signs, or cut short. Somebody may have typed that
 * too, so it is believed only of what an update of ours has just brought.
 */
export const isLikeText: Alike = (sent, found) => {
  if (isSameText(sent, found)) return true
  const [asked, kept] = [bare(sent), bare(found)]
  return kept !== '' && (kept === asked || (kept.length >= shortestCut && asked.startsWith(kept)))
}

/** With signs spelt out as for a web page besides: believed of nothing, but nobody can rule it out. */
export const mayBeText: Alike = (sent, found) => isLikeText(sent, found) || isLikeText(sent, found.replace(spelt, ''))

/** `&amp;`, `&#39;` */
const spelt = /&#?\w+;/g

/** How far what is found may be from what a change sent: nobody needs to guess where it is known what the stack made of it. */
export function alikeFor(change: Change): Alike {
  const answer = change.status === 'applying' ? change.write?.answer : undefined
  const isTold = change.status === 'applied' || (answer?.kind === 'taken' && answer.stored !== undefined)
  return isTold || !change.sends?.length ? isSameText : isLikeText
}

/** No stack keeps less of a text than this many letters. */
const shortestCut = 20

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** Its letters and digits alone. */
function bare(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
