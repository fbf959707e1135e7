import { distinctInList } from '../domain/look-alikes.ts'
import { type Deed, deedsOf } from '../domain/policy/deeds.ts'
import { leftToSay, reasonOf } from '../domain/policy/reasons.ts'
import { effectsOf } from '../domain/policy/verdict.ts'
import type { Settings } from '../domain/token/token.ts'
import { mostNamesInHeadline, verbOf } from './headline.ts'
import { joined, mostNames, reasonsIn, verdict, verdictName } from './verdict.ts'
import { enumerated, type Words } from './words.ts'

type Pair = { readonly before: Settings; readonly after: Settings }

/** The verdict below a headline: what that has not said, so it may be empty. */
export function verdictBelow({ before, after }: Pair, most: number = mostNames): Words {
  const effects = effectsOf(before, after)
  const reasons = reasonsIn(effects, most)
  const [deed, ...more] = deedsOf(before, after)
  const told = deed === undefined ? -1 : reasons.findIndex((reason) => isSame(reason, inHeadline(deed)))
  const isUnclear = effects.some(({ what }) => what.kind === 'beside unclear')
  if (deed === undefined || told === -1 || isUnclear) return verdict({ before, after }, most)
  const [name, verb, left] = [verdictName(effects), verbOf([deed, ...more]), leftOf(deed)]
  if (left !== null) return [{ strong: name }, ': ', ...joined(reasons.with(told, [left])), '.']
  const others = reasons.toSpliced(told, 1)
  if (others.length === 0) return name === verb ? [] : [{ strong: name }, ' what the token may do.']
  return name === verb
    ? [{ strong: 'Also' }, ' ', ...joined(others), '.']
    : [{ strong: name }, ': also ', ...joined(others), '.']
}

/** The reason for which a headline names a deed, if it says all of it. */
function inHeadline(deed: Deed): Words {
  switch (deed.kind) {
    case 'access':
      return [`${deed.does} ${deed.what}`]
    case 'scope':
      return [`${deed.does} ${deed.what} `, ...enumerated(deed.names.map(said), mostNamesInHeadline)]
    case 'name':
    case 'field':
      return []
    default:
      return [reasonOf(deed)]
  }
}

function said(name: string): Words {
  return [{ said: distinctInList(name) }]
}

function leftOf(deed: Deed): string | null {
  return deed.kind === 'expiry' || deed.kind === 'rate' || deed.kind === 'branch limits' ? leftToSay(deed) : null
}

function isSame(one: Words, other: Words): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
