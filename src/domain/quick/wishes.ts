import { inQuotes, quoted, wordsOf } from './quoted.ts'
import { type Read, split, type Wish, type Wrong, wrong } from './reading.ts'
import { isQuickVerb, type QuickVerb, verbOf } from './verbs.ts'

/** The part of a line behind its token, without the reason. */
type Said = { readonly verb: QuickVerb; readonly token: string; readonly head: string }

type Asking = { readonly wrong: Wrong }

/**
 * Asks about `to ci-prod and extend by 90d`, which says more than one thing: null if it says one. A new name may be any
 * text, so all of it may be the name as well.
 */
export function severalWishes(said: Said): Asking | null {
  const [first, ...others] = parts(said)
  if (first === undefined || others.length === 0 || !reads(said.verb, first.head)) return null
  const understood = others.flatMap(({ verb, head }): Wish[] => {
    const found = bodies(head, said.token).find((body) => reads(verb, body))
    return found === undefined ? [] : [{ verb, head: found }]
  })
  const wishes = [{ head: first.head }, ...understood, ...wholeName(said)]
  const name = said.verb === 'rename' ? ' If all of it is the new name, put it in quotes.' : ''
  const says = `This asks for more than one thing, and a line asks for one. The form takes several at once.${name}`
  return { wrong: { ...wrong(null, says).wrong, nearest: () => wishes } }
}

function parts({ verb, head }: Said): { verb: QuickVerb; head: string }[] {
  const words = wordsOf(head)
  const found: { verb: QuickVerb; from: number; until: number }[] = [{ verb, from: 0, until: head.length }]
  words.forEach(({ text, end }, i) => {
    const other = text.toLowerCase()
    const before = i === 0 ? -1 : linkBefore(words, i)
    if (!isQuickVerb(other) || before < 0) return
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
function linkBefore(words: ReturnType<typeof wordsOf>, verbAt: number): number {
  let at = verbAt
  while (at > 0 && link.test(words[at - 1]!.text)) at--
  if (at < verbAt) return words[at]!.start
  return /[,;]$/.test(words[at - 1]!.text) ? words[at]!.start : -1
}

const link = /^(?:and|then|also|plus|please|&|\+|,|;),?$/i

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

function reads(verb: QuickVerb, head: string): boolean {
  const read: Read<unknown> = verbOf(verb).read(head)
  return 'asks' in read
}

/** True for `to "ci-prod"`: whatever is in the quotes is a name. */
export function isQuotedName(head: string): boolean {
  return quoted(split(head)[1])?.rest === ''
}
