import { distinctInList } from '../domain/look-alikes.ts'
import { type Deed, deedsOf } from '../domain/policy/deeds.ts'
import { leftToSay, reasonOf } from '../domain/policy/reasons.ts'
import { effectsOf, type Judged, judgedAt } from '../domain/policy/widening.ts'
import { mostNamesInHeadline, verbOf } from './headline.ts'
import { joined, mostNames, reasonsIn, verdict, verdictName } from './verdict.ts'
import { enumerated, type Words } from './words.ts'

/** The verdict below a headline: what that has not said, so it may be empty. */
export function verdictBelow(edit: Judged, most: number = mostNames): Words {
  const effects = effectsOf(edit.before, edit.after, judgedAt(edit))
  const reasons = reasonsIn(effects, most)
  const [deed, ...more] = deedsOf(edit)
  const told = deed === undefined ? -1 : reasons.findIndex((reason) => isSame(reason, inHeadline(deed)))
  const isUnclear = effects.some(({ what }) => what.kind === 'beside unclear')
  if (deed === undefined || told === -1 || isUnclear) return verdict(edit, most)
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
