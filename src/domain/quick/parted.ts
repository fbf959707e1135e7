import type { Names } from '../token/find.ts'
import { cutAtBecause, quoted } from './quoted.ts'
import { knownAs, mostWords, wordEnds } from './several-tokens.ts'

/** `head`: the part that the verb reads. */
export type Parted = { readonly token: string; readonly head: string; readonly reason: string | null }

/** The ways to tell the token of a line, behind its verb, from the rest: the likeliest first. */
export function waysToPart(text: string, isToken: Names): Parted[] {
  const opened = quoted(text)
  if (opened && opened.value !== '') return [{ token: opened.value, ...cutAtBecause(opened.rest) }]
  const known = wordEnds(text).flatMap((end) => {
    const token = knownAs(text.slice(0, end), isToken)
    return token === null ? [] : [{ token, ...cutAtBecause(text.slice(end)) }]
  })
  if (known.length > 0) return known.reverse().flatMap((parted) => [parted, ...onAStack(parted, isToken)])
  const { head, reason } = cutAtBecause(text)
  return wordEnds(head)
    .slice(0, mostWords)
    .map((end) => ({ token: head.slice(0, end), head: head.slice(end).trim(), reason }))
}

/** `ci-deploy 90d on website`: the stack may stand behind all of it. */
function onAStack({ token, head, reason }: Parted, isToken: Names): Parted[] {
  const [, rest = '', stack = ''] = /^(.*\S)\s+(?:on|in|at)\s+(?:the\s+)?(.+?)(?:\s+stack)?$/is.exec(head) ?? []
  const there = `${stack}/${token}`
  return stack !== '' && isToken(there) ? [{ token: there, head: rest, reason }] : []
}
