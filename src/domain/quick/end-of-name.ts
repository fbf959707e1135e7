import type { Names } from '../token/find.ts'
import { inQuotes, wordsOf } from './quoted.ts'
import { split, type Wish, type Wrong, wrong } from './reading.ts'
import { type Tail, tailOf } from './tails.ts'

/** Words that are looked at: a name has fewer. */
const mostWords = 20

/** The part of a line behind its token, without the reason. */
type Said = { readonly token: string; readonly head: string }

/**
 * Asks about `to ci-prod for 90 days`, whose last words may be part of the new name or ask for something else: null if
 * they can only be part of it. A name in quotes ends with them.
 */
export function endOfName({ token, head }: Said, isToken: Names): { readonly wrong: Wrong } | null {
  const [to, typed] = split(head)
  if (to.toLowerCase() !== 'to') return null
  const found = parted(typed, token, isToken)
  if (found === null) return marked(typed)
  const { name, rest, tails } = found
  const [on, why] = [tails.find((tail) => tail.token)?.token, tails.find((tail) => tail.reason)?.reason]
  const about = { ...(on !== undefined && { token: on }), ...(why !== undefined && { reason: why }) }
  const says = `may be the end of the new name, or ${tails.map(({ is }) => is).join(' and ')}. ${oneThing}`
  const { wrong: asked } = wrong(rest, says, null, (now) => [
    { head: `to ${name}`, ...about },
    ...tails.flatMap(({ wishes }) => wishes?.(now) ?? []).map((wish) => ({ ...about, ...wish })),
    whole(typed),
  ])
  return { wrong: { ...asked, ...(why !== undefined && { reason: why }) } }
}

const oneThing = 'A line asks for one thing; the form takes several at once.'

type Parted = { readonly name: string; readonly rest: string; readonly tails: readonly Tail[] }

/** The longest end that can be read, in one piece or in several. */
function parted(typed: string, token: string, isToken: Names): Parted | null {
  const starts = wordsOf(typed)
    .slice(1, mostWords)
    .map(({ start }) => start)
  for (const start of starts) {
    const tails = tailsFrom(start)
    if (tails) return { name: cleaned(typed.slice(0, start)), rest: typed.slice(start), tails }
  }
  return null

  function at(start: number, end = typed.length): Tail | null {
    return tailOf(cleaned(typed.slice(start, end)), /[,;]\s*$/.test(typed.slice(0, start)), token, isToken)
  }

  function tailsFrom(start: number): Tail[] | null {
    const all = at(start)
    if (all) return [all]
    for (const next of starts.filter((other) => other > start)) {
      const first = at(start, next)
      const others = first && tailsFrom(next)
      if (others) return [first, ...others]
    }
    return null
  }
}

function cleaned(text: string): string {
  return text.trim().replace(/[,;]+$/, '')
}

/** A full stop may end the sentence, and Slack keeps its marks for bold, italic and struck text in what is typed. */
function marked(typed: string): { readonly wrong: Wrong } | null {
  const [, bare, marks = ''] = /^(.*\w)(\.)$/s.exec(typed) ?? swapped(/^([*_~])(\S(?:.*\S)?)\1$/s.exec(typed)) ?? []
  if (bare === undefined || (/\s/.test(bare) && marks !== '.')) return null
  const says = `${marks === '.' ? 'The full stop at the end' : `Each ${marks} around it`} may be part of the new name or not.`
  const wishes: Wish[] = [{ head: `to ${inQuotes(bare)}` }, whole(typed)]
  return wrong(null, says, null, () => wishes)
}

function swapped(found: RegExpExecArray | null): (string | undefined)[] | null {
  return found && [found[0], found[2], found[1]]
}

function whole(name: string): Wish {
  return { head: `to ${inQuotes(name)}` }
}
