import type { Names } from '../token/find.ts'
import { type Wrong, wrong } from './reading.ts'
import { canRead, type QuickVerb } from './verbs.ts'

/** The part of a line behind its token, without the reason. */
type Said = { readonly verb: QuickVerb; readonly token: string; readonly head: string }

/** Asks about `90d on shop`, where no token of that name is known: null for other lines. */
export function notOnStack({ verb, token, head }: Said, isToken: Names): { readonly wrong: Wrong } | null {
  if (!isToken(token)) return null
  for (const { stack, rest } of besideStack(head)) {
    if (!canRead(verb, rest) || !isToken.isStack?.(stack) || isToken(`${stack}/${token}`)) continue
    const says = `is another stack than that of the token: none is called ${token} there, as far as is known.`
    return wrong(`on ${stack}`, says, null, () => [{ head: rest }])
  }
  return null
}

function besideStack(head: string): { readonly stack: string; readonly rest: string }[] {
  const [, before, last] = /^(.*\S)\s+(?:on|in|at)\s+(.+)$/is.exec(head) ?? []
  const [, first, behind] = /^(?:on|in|at)\s+(\S+)\s+(.+)$/is.exec(head) ?? []
  return [
    ...(before !== undefined && last !== undefined ? [{ stack: last, rest: before }] : []),
    ...(first !== undefined && behind !== undefined ? [{ stack: first, rest: behind }] : []),
  ]
}
