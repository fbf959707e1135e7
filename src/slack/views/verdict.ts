import { distinctInList } from '../../domain/look-alikes.ts'
import { nameInWords } from '../../domain/targets.ts'
import type { Settings } from '../../domain/token.ts'
import { type Effect, effectsOf, reasonsOf, type Verdict, verdictOf } from '../../domain/verdict.ts'
import { count } from './blocks.ts'
import { enumerated, inText, type Words } from './words.ts'

type Pair = { readonly before: Settings; readonly after: Settings }

const named: Record<Verdict, string> = {
  widens: 'Widens',
  narrows: 'Narrows',
  both: 'Widens and narrows',
  neutral: 'Neutral',
}

/** Branches and aliases named in one reason; all of them are listed with the settings. */
const mostNames = 10

/** `Widens: gains write on entries; lives 90 days longer.` The first thing that anybody reads about a change. */
export function verdict({ before, after }: Pair, most: number = mostNames): Words {
  const effects = effectsOf(before, after)
  const name = { strong: nameOf(effects) }
  if (effects.length === 0) return [name, ': what the token may do stays the same.']
  const reasons = [
    ...reasonsOf(effects.filter(({ what }) => what.kind === 'access')).map((reason): Words => [reason]),
    ...scopeReasons(effects, most),
    ...reasonsOf(effects.filter(({ what }) => what.kind !== 'access' && !hasName(what))).map(
      (reason): Words => [reason],
    ),
  ]
  return [name, ': ', ...reasons.flatMap((reason, i) => (i === 0 ? reason : ['; ', ...reason])), '.']
}

/** What is not understood counts as both, and nobody can say that it is. */
function nameOf(effects: readonly Effect[]): string {
  const known = new Set(effects.map(({ direction }) => direction))
  const isUnclear = known.has('unknown') && !(known.has('wider') && known.has('narrower'))
  return isUnclear ? 'May widen or narrow' : named[verdictOf(effects)]
}

/** The same for `text`, in as many characters as there is room for: with fewer names, and at last with none. */
export function verdictInText(pair: Pair, max: number): string {
  const shorter = [mostNames, 3, 1].map((most) => inText(verdict(pair, most)))
  return shorter.find((text) => text.length <= max) ?? inText(verdict(pair, 0))
}

type Named = Extract<Effect['what'], { name: string }>

function hasName(what: Effect['what']): what is Named {
  return 'name' in what
}

/** In the domain's words, with the names set apart from them: a name is somebody's text. */
function scopeReasons(effects: readonly Effect[], most: number): Words[] {
  const scope = effects.filter((effect): effect is Effect & { what: Named } => hasName(effect.what))
  const groups = Map.groupBy(scope, ({ direction, what }) => `${direction} ${what.kind} ${what.added}`)
  return [...groups.values()].map((group) => {
    const names = group.map(({ what }) => nameWords(what))
    return [wordsBefore(group[0]!), ...(most > 0 ? enumerated(names, most) : [`(${count(names.length, 'name')})`])]
  })
}

function nameWords({ name, ...what }: Named): Words {
  const { target } = { target: undefined, ...what }
  const said = { said: distinctInList(name) }
  return target === undefined ? [said] : [said, ' (→ ', { said: distinctInList(target) }, ')']
}

function wordsBefore(effect: Effect & { what: Named }): string {
  const reason = reasonsOf([effect])[0] ?? ''
  return reason.slice(0, reason.length - nameInWords(effect.what).length)
}
