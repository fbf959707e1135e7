import type { Names } from '../token/find.ts'
import { inQuotes, quoted, wordsOf } from './quoted.ts'
import { split, type Wish, type Wrong, wrong } from './reading.ts'
import { tokenAt } from './several-tokens.ts'
import { canRead, isQuickVerb, type QuickVerb } from './verbs.ts'

/** The part of a line behind its token, without the reason. */
type Said = { readonly verb: QuickVerb; readonly token: string; readonly head: string }

type Asking = { readonly wrong: Wrong }

/**
 * Asks about `to ci-prod and extend by 90d`, which says more than one thing: null if it says one. A new name may be any
 * text, so all of it may be the name as well.
 */
export function severalWishes(said: Said, isToken: Names): Asking | null {
  const [first, ...others] = parts(said)
  if (first === undefined || others.length === 0 || !canRead(said.verb, first.head)) return null
  const understood = others.flatMap(({ verb, head }): Wish[] => {
    const found = bodies(head, said.token).find((body) => canRead(verb, body))
    const other = found === undefined ? tokenAt(head, isToken) : null
    if (other && canRead(verb, other.rest)) return [{ verb, token: other.token, head: other.rest }]
    return found === undefined ? [] : [{ verb, head: found }]
  })
  const wishes = [{ head: first.head }, ...understood, ...wholeName(said)]
  const name = said.verb === 'rename' ? ' If all of it is the new name, put it in quotes.' : ''
  const says = `This asks for more than one thing, and one line can ask for only one. The form takes several at once.${name}`
  return { wrong: { ...wrong(null, says).wrong, nearest: () => wishes } }
}

const alsoCalled: Readonly<Record<string, QuickVerb>> = {
  give: 'grant',
  allow: 'grant',
  let: 'grant',
  prolong: 'extend',
  renew: 'extend',
  call: 'rename',
}

function parts({ verb, token, head }: Said): { verb: QuickVerb; head: string }[] {
  const words = wordsOf(head)
  const found: { verb: QuickVerb; from: number; until: number }[] = [{ verb, from: 0, until: head.length }]
  words.forEach(({ text, end }, i) => {
    const other = isQuickVerb(text.toLowerCase()) ? text.toLowerCase() : alsoCalled[text.toLowerCase()]
    if (i === 0 || other === undefined || !isQuickVerb(other)) return
    const before = linkBefore(words, i, head)
    if (before < 0) return
    // Such a word may well be part of a name.
    if (!isQuickVerb(text.toLowerCase()) && !bodies(head.slice(end).trim(), token).some((body) => canRead(other, body)))
      return
    found.at(-1)!.until = before
    found.push({ verb: other, from: end, until: head.length })
  })
  return found.map(({ verb, from, until }) => ({
    verb,
    head: head
      .slice(from, until)
      .trim()
      .replace(/[,;]+$/, ''),
  }))
}

/** Where the words begin that link a verb to what was said before it; -1 if none do. */
function linkBefore(words: ReturnType<typeof wordsOf>, verbAt: number, head: string): number {
  let at = verbAt
  while (at > 0 && link.test(words[at - 1]!.text)) at--
  if (at < verbAt) return words[at]!.start
  const isNext = /[,;]$/.test(words[at - 1]!.text) || head.slice(words[at - 1]!.end, words[at]!.start).includes('\n')
  return isNext ? words[at]!.start : -1
}

/** A new line may begin with the command's own name. */
const link = /^(?:and|then|also|plus|please|&&?|\|\|?|\+|,|;|\/token),?$/i

/** A second wish may name the token again. */
function bodies(head: string, token: string): string[] {
  const named = [token, inQuotes(token), `token ${token}`, 'it', 'its expiry', 'the token']
  const behind = named.filter((name) => head.toLowerCase().startsWith(`${name.toLowerCase()} `))
  return [head, ...behind.map((name) => head.slice(name.length).trim())]
}

function wholeName({ verb, head }: Said): Wish[] {
  const [, name] = split(head)
  return verb === 'rename' ? [{ head: `to ${inQuotes(name)}` }] : []
}

/** True for `to "ci-prod"`: whatever is in the quotes is a name. */
export function isQuotedName(head: string): boolean {
  return quoted(split(head)[1])?.rest === ''
}
