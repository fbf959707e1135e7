import { diff, type FieldChange } from '../../domain/token/diff.ts'
import type { Settings } from '../../domain/token/token.ts'
import { movedNames } from '../../words/fields.ts'
import { count, shortLine } from '../../words/text.ts'
import { mostNames, verdict } from '../../words/verdict.ts'
import { verdictBelow } from '../../words/verdict-below.ts'
import type { Words } from '../../words/words.ts'
import { escaped } from './blocks.ts'
import { inText } from './rich.ts'

type Pair = { readonly before: Settings; readonly after: Settings }

/** The verdict for `text`, in as many characters as there is room for: with fewer names, and finally with none. */
export function verdictInText(edit: Pair, max: number): string {
  return fitting((most) => verdict(edit, most), max)
}

/** The same behind a headline: empty if that has said it all. */
export function verdictBelowInText(edit: Pair, max: number): string {
  return fitting((most) => verdictBelow(edit, most), max)
}

function fitting(said: (most: number) => Words, max: number): string {
  for (const most of [mostNames, 3, 1]) {
    const text = inText(said(most))
    if (text.length <= max) return text
  }
  return inText(said(0))
}

/** `name from a to b; description from …`, escaped, at most `max` characters long; changes without room are counted. */
export function changedInText({ before, after }: Pair, max: number): string {
  const parts = diff(before, after).map((field) =>
    movedInText(field, field.key === 'branches' ? movedNames(field.key, { before, after }) : null),
  )
  const shown: string[] = []
  let room = max - '; and 99 more fields'.length
  for (const part of parts) {
    room -= part.length + 2
    if (room < 0) break
    shown.push(part)
  }
  const hidden = parts.length - shown.length
  return [...shown, ...(hidden > 0 ? [`and ${count(hidden, 'more field')}`] : [])].join('; ')
}

function brief(value: string): string {
  return escaped(shortLine(value, 60))
}

/** The starts of two long lists read the same. */
function movedInText({ label, before, after }: FieldChange, moved: ReturnType<typeof movedNames>): string {
  const { added = [], removed = [] } = moved ?? {}
  if (added.length + removed.length === 0) return `${label} from ${brief(before)} to ${brief(after)}`
  const come = added.length > 0 ? [`with ${brief(added.join(', '))} added`] : []
  const gone = removed.length > 0 ? [`without ${brief(removed.join(', '))}`] : []
  return `${label} ${[...come, ...gone].join(', ')}`
}
