import type { Read } from './reading.ts'
import type { Verb } from './verb.ts'
import { extend } from './verbs/extend.ts'
import { grant } from './verbs/grant.ts'
import { limit } from './verbs/limit.ts'
import { rename } from './verbs/rename.ts'
import { restrict } from './verbs/restrict.ts'
import { revoke } from './verbs/revoke.ts'
import { scope } from './verbs/scope.ts'

/** Every quick command, in the order in which people see them. */
const verbs = { rename, extend, grant, revoke, restrict, scope, limit }

export type QuickVerb = keyof typeof verbs
export const quickVerbs = Object.keys(verbs) as readonly QuickVerb[]

export function isQuickVerb(word: string): word is QuickVerb {
  return (quickVerbs as readonly string[]).includes(word)
}

type AsksOf = { readonly [V in QuickVerb]: (typeof verbs)[V] extends Verb<infer Asks> ? Asks : never }

type Command<V extends QuickVerb> = AsksOf[V] & {
  readonly verb: V
  readonly token: string
  /** Null if none was given. */
  readonly reason: string | null
}

/** An edit in one line, as it was typed: nothing in it depends on the token's settings. */
export type QuickCommand = { [V in QuickVerb]: Command<V> }[QuickVerb]

const registry: { readonly [V in QuickVerb]: Verb<AsksOf[V]> } = verbs

/** Everything about one quick command. */
export function verbOf<V extends QuickVerb>(verb: V): Verb<AsksOf[V]> {
  return registry[verb]
}

/** True if the verb understands this part after a token. */
export function canRead(verb: QuickVerb, head: string): boolean {
  const read: Read<unknown> = verbOf(verb).read(head)
  return 'asks' in read
}

/** For a button that does what such a line asks for: each opens something to check first. */
export function quickLabel(verb: QuickVerb): string {
  return `${verb[0]!.toUpperCase()}${verb.slice(1)}…`
}
