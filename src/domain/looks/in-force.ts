import type { Change } from '../change/change.ts'
import type { Send } from '../change/write.ts'
import { diff, same } from '../token/diff.ts'
import type { Alike, FieldKey, SettingKey } from '../token/field.ts'
import { fields, settingKeys } from '../token/fields.ts'
import { withFields } from '../token/rebase.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import { isSameText } from './own-writing.ts'

type Edit = Pick<Change, 'before' | 'after'>

/** The fields that an edit asks to change. */
export function askedBy({ before, after }: Edit): ReadonlySet<FieldKey> {
  return new Set(diff(before, after).map(({ key }) => key))
}

/**
 * The fate of an edit, as a token shows it: the fields that are as asked or as a stack would write the same (`taken`),
 * those that are as before (`kept`), and those that are neither. Nobody can write where aliases point.
 */
export function fateOf(edit: Edit, found: Settings, alike = isSameText) {
  const live = withoutTargets(found)
  const unlike = unlikeIn(edit.after, live)
  const hasMoved = movedIn(edit, live)
  const far = unlikeIn(edit.after, live, alike)
  const asked = [...askedBy(edit)]
  const isTaken = (key: FieldKey) => !unlike.has(key) || (hasMoved(key) && !far.has(key))
  return {
    taken: asked.filter(isTaken),
    kept: asked.filter((key) => unlike.has(key) && !hasMoved(key)),
    neither: asked.filter((key) => !isTaken(key) && hasMoved(key)),
  }
}

/** True if the token has some of what an edit asks for that was not there before, in whatever form. */
export function showsSomeOf(edit: Edit, live: Settings, alike = isSameText): boolean {
  return fateOf(edit, live, alike).taken.some(movedIn(edit, live))
}

/** True for each field in which a token is not as it was before an edit. */
export function movedIn({ before }: Edit, live: Settings): (key: FieldKey) => boolean {
  const moved = new Set(diff(before, live).map(({ key }) => key))
  return (key) => moved.has(key)
}

/** True if everything that an edit asks for is on the token, whatever else is. */
export function isInForce(edit: Edit, live: Settings, alike = isSameText): boolean {
  return fateOf(edit, live, alike).taken.length === askedBy(edit).size
}

/**
 * True if everything that an update of a change asked for, under whatever revision, is on the token; an empty edit is
 * not.
 */
export function isArrived({ before, after }: Edit, send: Send, live: Settings, alike = isSameText): boolean {
  const edit = { before, after: send.after ?? after }
  return askedBy(edit).size > 0 && isInForce(edit, live, alike)
}

/** The requested settings, with everything the stack took in the stack's form: an update carries the whole token. */
export function madeOf(edit: Edit, live: Settings, alike = isSameText): Settings {
  const shown = withoutTargets(live)
  const made = [...fateOf(edit, live, alike).taken, ...rewritten(edit.after, shown, alike)]
  return withFields(edit.after, shown, new Set(made))
}

/** The fields in which `live` differs from what was sent, but only in the stack's form. */
export function rewritten(sent: Settings, live: Settings, alike = isSameText): FieldKey[] {
  const unlike = unlikeIn(sent, live, alike)
  return diff(sent, live)
    .map(({ key }) => key)
    .filter((key) => !unlike.has(key))
}

/** The fields in which `live` is neither what was sent nor the same in a stack's form. */
export function unlikeIn(sent: Settings, live: Settings, alike?: Alike): ReadonlySet<FieldKey> {
  return new Set(diff(sent, asWritten(sent, live, alike)).map(({ key }) => key))
}

/**
 * `live`, with the sent value wherever a stack may have changed only its form: a like text, another time on the same
 * day.
 */
function asWritten(sent: Settings, live: Settings, alike: Alike = isSameText): Settings {
  let own: Partial<Record<SettingKey, unknown>> | undefined
  for (const { key, isRewritten } of rewritable)
    if (sent[key] !== live[key] && isRewritten(sent, live, alike)) own = { ...own, [key]: sent[key] }
  return own === undefined ? live : ({ ...live, ...own } as Settings)
}

const rewritable = settingKeys.flatMap((key) => {
  const { isRewritten } = fields[key]
  return isRewritten === undefined ? [] : [{ key, isRewritten }]
})

/** For events: nothing if it is as asked for. */
export function unlessSame<K extends string>(key: K, found: Settings, asked: Settings): { [key in K]?: Settings } {
  return same(found, asked) ? {} : ({ [key]: found } as { [key in K]: Settings })
}
