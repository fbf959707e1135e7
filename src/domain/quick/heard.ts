import type { Names } from '../token/find.ts'
import { endOfName } from './end-of-name.ts'
import { withoutManners } from './manners.ts'
import { notOnStack } from './not-on-stack.ts'
import { reasonBegunOtherwise } from './other-reason.ts'
import type { Parted } from './parted.ts'
import type { Read, Wrong } from './reading.ts'
import { severalTokens } from './several-tokens.ts'
import { type QuickVerb, verbOf } from './verbs.ts'
import { isQuotedName, severalWishes } from './wishes.ts'

/** `isClear`: this token is meant, however else the line could be parted. */
export type Heard = { readonly asks: object } | { readonly wrong: Wrong; readonly isClear: boolean }

/** Courtesies are part of it only if nothing can be read without them: a token may be called `please`. */
export function readHead(verb: QuickVerb, parted: Parted, isToken: Names): Heard {
  const plain = { ...parted, head: withoutManners(parted.head) }
  const heard = readPlain(verb, plain, isToken)
  if ('asks' in heard || heard.isClear || plain.head === parted.head) return heard
  const whole = readPlain(verb, parted, isToken)
  return 'asks' in whole ? whole : heard
}

/** Any text can be a new name, so a longer one is looked at twice. */
function readPlain(verb: QuickVerb, { token, head, reason }: Parted, isToken: Names): Heard {
  const read: Read<object> = verbOf(verb).read(head)
  const isRead = 'asks' in read
  if (isRead && (verb !== 'rename' || isQuotedName(head))) return read
  const said = { verb, token, head }
  const asking =
    severalWishes(said, isToken) ??
    (isRead ? null : severalTokens(said, isToken)) ??
    (reason ? null : reasonBegunOtherwise(said)) ??
    (verb === 'rename' ? endOfName(said, isToken) : notOnStack(said, isToken))
  if (asking) return { ...asking, isClear: true }
  return isRead ? read : { ...read, isClear: false }
}
