import { distinctInList } from '../domain/look-alikes.ts'
import { visible } from '../domain/text.ts'
import { describe, diff, type FieldChange, type FieldInWords, otherExpiryMoved } from '../domain/token/diff.ts'
import { isDay } from '../domain/token/expiry.ts'
import type { FieldKey } from '../domain/token/field.ts'
import {
  aliasesUnknown,
  aliasInWords,
  type Repointed,
  repointedUnnamed,
  withOwnTargets,
} from '../domain/token/targets.ts'
import type { Settings } from '../domain/token/token.ts'
import { line, type Piece, verbatim } from './pieces.ts'
import { count, oneLine } from './text.ts'
import { enumerated, type Word, type Words } from './words.ts'

/** Longer values and values of several lines go below their label. */
const inline = 80
/** A value that is already on the token need not be read in full. */
const beforeShown = 300

type Pair = { readonly before: Settings; readonly after: Settings }

/** Every field that differs. The requested value is never cut: an approver must see everything that will be written. */
export function changedFields({ before, after }: Pair): Piece[] {
  const fields = diff(before, after)
  if (fields.length === 0) return [line('Nothing differs.')]
  const [had, has] = [describe(before), describe(after)].map(namesOf) as [NamesOf, NamesOf]
  return fields.flatMap((field) => {
    const moved = movedNames(field.key, { before, after })
    if (isLongList(field) && moved !== null) return longList(field, moved)
    return [...changedField(field, { before: had(field.key), after: has(field.key) }), ...comings(moved)]
  })
}

/** Of hundreds of branches, nobody reads those that were there before to find the one that is new. */
function isLongList({ key, before, after }: FieldChange): boolean {
  return key === 'branches' && !(fitsInline(before) && fitsInline(after))
}

function longList({ label, after }: FieldChange, moved: Moved): Piece[] {
  return [line({ strong: label }), ...comings(moved), line({ strong: label }, ', after:'), verbatim(after)]
}

type Names = readonly string[] | undefined
type NamesOf = (key: FieldKey) => Names

function namesOf(fields: readonly FieldInWords[]): NamesOf {
  return (key) => fields.find((field) => field.key === key)?.names
}

/** Sets each entry of a list apart: a name may contain a comma. */
function said(value: string, names: Names): Words {
  if (names === undefined || names.length === 0) return [{ said: value }]
  return enumerated(
    names.map((name) => [{ said: name }]),
    names.length,
  )
}

function changedField({ key, label, before, after }: FieldChange, names: { before: Names; after: Names }): Piece[] {
  if (fitsInline(before) && fitsInline(after))
    return [
      line(
        { strong: label },
        ': ',
        ...said(before, names.before),
        ' → ',
        ...said(after, names.after),
        ...remark(key, after),
      ),
    ]
  return [
    line({ strong: label }, ', ', beforeLabel(before), ':'),
    verbatim(start(before)),
    line({ strong: label }, ', after:', ...remark(key, after)),
    verbatim(after),
  ]
}

const mostUnknown = 3

/** Says that nobody knows where an alias points: whoever decides has only its name to go by. */
export function unknownTargets(edit: Pair): Piece[] {
  const names = aliasesUnknown(edit)
  if (names.length === 0) return []
  const more = names.length > mostUnknown ? ` and ${names.length - mostUnknown} more` : ''
  const said = names.slice(0, mostUnknown).map(distinctInList).join(', ')
  const aliases = names.length === 1 ? 'the alias ' : 'the aliases '
  const point = names.length === 1 ? ' points' : ' point'
  return [line('What ', aliases, { said }, `${more}${point} to was not known when this was asked for.`)]
}

/** The full value of a field, with its label; `names`: see `describe`. */
export function field(label: string, value: string, names?: readonly string[]): Piece[] {
  return fitsInline(value)
    ? [line({ strong: label }, ': ', ...said(value, names))]
    : [line({ strong: label }, ':'), verbatim(value)]
}

/** The start of a value that was already there, with its label. */
export function knownField(label: string, value: string, names?: readonly string[]): Piece[] {
  return fitsInline(value)
    ? [line({ strong: label }, ': ', ...said(value, names))]
    : [line({ strong: label }, `${leftOut(value)}:`), verbatim(start(value))]
}

/** Each field of a stopped change in which the token is no longer as it was when the change was proposed. */
export function driftedFields({ before, live }: { readonly before: Settings; readonly live: Settings }): Piece[] {
  const withOthers = otherExpiryMoved(before, live)
  const now = describe(live, withOthers)
  const moved = new Set(diff(withOwnTargets(before), withOwnTargets(live)).map(({ key }) => key))
  const fields = describe(before, withOthers).flatMap((was, i) =>
    moved.has(was.key) ? driftedField(was, now[i]!) : [],
  )
  return [...fields, ...repointedUnnamed(before, live).map(pointsElsewhere)]
}

function driftedField({ label, value, names }: FieldInWords, now: FieldInWords): Piece[] {
  if (fitsInline(value) && fitsInline(now.value))
    return [line({ strong: label }, ': ', ...said(value, names), ' → ', ...said(now.value, now.names))]
  return [...knownField(`${label}, when asked`, value, names), ...knownField(`${label}, now`, now.value, now.names)]
}

function pointsElsewhere({ alias, was, is }: Repointed): Piece {
  const said = (name: string) => ({ said: distinctInList(name) })
  return line(said(alias), { strong: ' points to' }, ': ', said(was), ' when asked, ', said(is), ' now')
}

/** The parts of a token that the app does not understand go back to the stack as they came. */
export function keptEntries({ otherScope, otherExpiry = [] }: Pick<Settings, 'otherScope' | 'otherExpiry'>): Piece[] {
  return [
    ...kept(otherScope, count(otherScope.length, 'scope entry', 'scope entries')),
    ...kept(otherExpiry, count(otherExpiry.length, 'field about expiry', 'fields about expiry')),
  ]
}

function kept(values: readonly string[], howMany: string): Piece[] {
  if (values.length === 0) return []
  return [
    line({ strong: 'Kept as they are' }, `: ${howMany} that Countersign does not understand`),
    ...values.map(verbatim),
  ]
}

function remark(key: FieldKey, after: string): Word[] {
  return key === 'expiresOn' ? expiryRemark(after) : []
}

/** The instant at which a day in UTC ends a token: in Slack, that may be the evening before. */
export function expiryRemark(expiresOn: string, verb: 'stops' | 'stopped' = 'stops'): Word[] {
  if (!isDay(expiresOn)) return []
  return [` (it ${verb} working `, { at: `${expiresOn}T00:00:00.000Z` }, ')']
}

type Moved = { readonly added: readonly string[]; readonly removed: readonly string[] }

/** Names that a long list gains and loses: nobody finds them by reading the list twice. Null for any other field. */
export function movedNames(key: FieldKey, { before, after }: Pair): Moved | null {
  if ((key !== 'branches' && key !== 'aliases') || before[key].length + after[key].length <= 6) return null
  const [had, has] = [new Set(before[key]), new Set(after[key])]
  const named = (names: readonly string[], of: Settings) =>
    key === 'aliases' ? names.map((name) => aliasInWords(of, name)) : names.map(distinctInList)
  return {
    added: named(
      after[key].filter((name) => !had.has(name)),
      after,
    ),
    removed: named(
      before[key].filter((name) => !has.has(name)),
      before,
    ),
  }
}

function comings(moved: Moved | null): Piece[] {
  return moved === null ? [] : [...listed('Added', moved.added), ...listed('Removed', moved.removed)]
}

function listed(label: string, names: readonly string[]): Piece[] {
  return names.length === 0 ? [line(`${label}: none`)] : field(`${label} (${names.length})`, names.join(', '), names)
}

/** Spelling out invisible characters never makes a value shorter. */
function fitsInline(value: string): boolean {
  return value.length <= inline && oneLine(value).length <= inline && !value.includes('\n')
}

function start(value: string): string {
  // Twice as many UTF-16 units are enough: a character takes two at most.
  return [...visible(value).slice(0, 2 * beforeShown)].slice(0, beforeShown).join('')
}

function beforeLabel(value: string): string {
  return `before${leftOut(value)}`
}

function leftOut(value: string): string {
  const length = charactersIn(visible(value))
  return length > beforeShown
    ? ` (its first ${beforeShown} characters; ${count(length - beforeShown, 'more', 'more')} left out)`
    : ''
}

function charactersIn(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g) ?? []).length
}
