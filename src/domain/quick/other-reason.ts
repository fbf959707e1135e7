import { distance } from '../nearest.ts'
import { inQuotes, quoted, wordsOf } from './quoted.ts'
import { split, type Wish, type Wrong, wrong } from './reading.ts'
import { type QuickVerb, verbOf } from './verbs.ts'

/** The part of a line behind its token. */
type Said = { readonly verb: QuickVerb; readonly head: string }

/** Words that are tried as the beginning of a reason: a line may have many. */
const mostTries = 30

/**
 * Asks about a reason that does not begin with `because`, as in `90d, the release is late`: null if there seems to be
 * none. What stands before it must be readable by itself.
 */
export function reasonBegunOtherwise({ verb, head }: Said): { readonly wrong: Wrong } | null {
  for (const { start } of wordsOf(head).slice(1, mostTries)) {
    const found = begunAt({ verb, head }, start)
    if (found) return asking(verb, head, found)
  }
  return null
}

type Found = { readonly before: string; readonly begins: string; readonly reason: string }

function begunAt({ verb, head }: Said, start: number): Found | null {
  const mark = /[,;:.]$/.exec(head.slice(0, start).trim())?.[0] ?? ''
  const before = head
    .slice(0, start)
    .trim()
    .replace(/[,;:.]$/, '')
  const rest = head.slice(start)
  const [, begins = mark, reason = ''] = starters(verb).exec(rest) ?? misspelt(rest) ?? (mark ? [rest, mark, rest] : [])
  const words = reason.trim().split(/\s+/)
  const isReason = reason.trim() !== '' && !/^(on|from|to|and|[-+])/i.test(reason) && words.length >= fewest[verb]
  if (begins === '' || !isReason || !('asks' in verbOf(verb).read(before))) return null
  if (verb === 'rename' && mark !== '' && begins === mark) return null
  const said = begins === '(' ? reason.trim().replace(/\)$/, '') : reason.trim()
  return { before, begins, reason: whole(said) }
}

/** `--reason "it is late"`, as in a terminal. */
function whole(said: string): string {
  const found = quoted(said)
  return found?.rest === '' && found.value.trim() !== '' ? found.value.trim() : said
}

/** A list goes on after a comma: one more module or branch is no reason. */
const fewest: Readonly<Record<QuickVerb, number>> = {
  rename: 1,
  extend: 1,
  limit: 1,
  grant: 2,
  revoke: 2,
  restrict: 2,
  scope: 2,
}

/** A new name may have words and marks of its own, so fewer begin a reason there. */
function starters(verb: QuickVerb): RegExp {
  return verb === 'rename' ? named : any
}

const named = /^(reason\s*[:=]|(?:--|—|–)reason[\s:=]|due to\s|bc\s)(.+)$/is
const any =
  /^(reason\s*[:=]?|(?:--|—|–)reason[\s:=]|due to\s|since\s|as\s|for\s|bc\s|cause\s|[-–—]+\s|\/\/|#|\()(.+)$/is

function misspelt(rest: string): [string, string, string] | null {
  const [word, reason] = split(rest)
  const isNear = !/because/i.test(word) && distance(word.toLowerCase(), 'because') <= 2
  return isNear ? [rest, word, reason] : null
}

function asking(verb: QuickVerb, head: string, { before, begins, reason }: Found): { readonly wrong: Wrong } {
  const [, name] = split(head)
  const whole: Wish[] = verb === 'rename' ? [{ head: `to ${inQuotes(name)}` }] : []
  const rest = head.slice(before.length).trim()
  const says = `can't be read as part of what is asked for (${before}): a reason begins with because.`
  const word = rest === '' ? begins : rest
  return { wrong: { ...wrong(word, says, null, () => [{ head: before, reason }, ...whole]).wrong, reason } }
}
