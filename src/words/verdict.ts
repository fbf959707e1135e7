import { distinctInList } from '../domain/look-alikes.ts'
import { reasonsOf } from '../domain/policy/reasons.ts'
import { type Named, reachedInWords, scopeGroups } from '../domain/policy/scope-reasons.ts'
import { effectsOf, type Judged, judgedAt, type Verdict, verdictOf } from '../domain/policy/widening.ts'
import type { Effect } from '../domain/token/effect.ts'
import type { OutsideEdit } from '../ports/past.ts'
import { count } from './text.ts'
import { enumerated, type Words } from './words.ts'

const named: Record<Verdict, string> = {
  widens: 'Widens',
  narrows: 'Narrows',
  both: 'Widens and narrows',
  neutral: 'Neutral',
}

/** Branches and aliases named in one reason; the settings list all of them. */
export const mostNames = 10

/**
 * `Widens: gains write on entries; expires 90 days later, on 2027-05-01.` The first thing that anybody reads about a
 * change.
 */
export function verdict(edit: Judged, most: number = mostNames): Words {
  return inTheseWords(effectsOf(edit.before, edit.after, judgedAt(edit)), most)
}

/** An edit made elsewhere, as of when it was made; or found, if the stack does not say that. */
export function outsideEdit({ at, fact: { before, after, editedAt } }: OutsideEdit): Judged {
  return { before, after, revisedAt: editedAt ?? at }
}

function inTheseWords(effects: readonly Effect[], most: number): Words {
  const name = { strong: verdictName(effects) }
  if (effects.length === 0) return [name, ': what the token may do stays the same.']
  return [name, ': ', ...joined(reasonsIn(effects, most)), '.']
}

/** Each the rest of a sentence about the token. */
export function reasonsIn(effects: readonly Effect[], most: number): Words[] {
  return [
    ...reasonsOf(effects.filter(({ what }) => what.kind === 'access')).map((reason): Words => [reason]),
    ...scopeWords(effects, most),
    ...reasonsOf(effects.filter(({ what }) => what.kind !== 'access' && !('name' in what))).map(
      (reason): Words => [reason],
    ),
  ]
}

export function joined(reasons: readonly Words[]): Words {
  return reasons.flatMap((reason, i) => (i === 0 ? reason : ['; ', ...reason]))
}

/** An effect that is not understood counts as both, but nobody can say that it is both. */
export function verdictName(effects: readonly Effect[]): string {
  const known = new Set(effects.map(({ direction }) => direction))
  const isUnclear = known.has('unknown') && !(known.has('wider') && known.has('narrower'))
  return isUnclear ? 'May widen or narrow' : named[verdictOf(effects)]
}

/** The domain's words, with names set apart: a name is somebody's text. */
function scopeWords(effects: readonly Effect[], most: number): Words[] {
  return scopeGroups(effects).map(({ lead, names }) => [
    lead,
    ...(most > 0 ? enumerated(names.map(nameWords), most) : [`(${count(names.length, 'name')})`]),
  ])
}

function nameWords(what: Named): Words {
  const target: Words =
    what.kind === 'alias' && what.target !== undefined ? ['→ ', { said: distinctInList(what.target) }] : []
  const reached = reachedInWords(what)
  const remark: Words =
    reached === null ? [] : [reached.how, ...(reached.through === null ? [] : [{ said: reached.through }])]
  const behind = [target, remark].filter((words) => words.length > 0)
  const said = { said: distinctInList(what.name) }
  return behind.length === 0
    ? [said]
    : [said, ' (', ...behind.flatMap((words, i) => (i === 0 ? words : [', ', ...words])), ')']
}
