import type { Change } from './change.ts'
import { diff, type FieldKey, same } from './diff.ts'
import { dayOf } from './expiry.ts'
import { withFields } from './rebase.ts'
import { withoutTargets } from './targets.ts'
import type { Settings } from './token.ts'

type Edit = Pick<Change, 'before' | 'after'>

/** The fields that an edit asks to change. */
export function askedBy({ before, after }: Edit): ReadonlySet<FieldKey> {
  return new Set(diff(before, after).map(({ key }) => key))
}

/**
 * What became of an edit, as a token shows it: the fields in which it is as asked or as a stack would write the same (`taken`),
 * those that are as they were before (`kept`), and those that are neither. What aliases point to is nobody's to write.
 */
export function fateOf(edit: Edit, found: Settings) {
  const live = withoutTargets(found)
  const unlike = new Set(diff(edit.after, asWritten(edit.after, live)).map(({ key }) => key))
  const moved = new Set(diff(edit.before, live).map(({ key }) => key))
  const asked = [...askedBy(edit)]
  return {
    taken: asked.filter((key) => !unlike.has(key)),
    kept: asked.filter((key) => unlike.has(key) && !moved.has(key)),
    neither: asked.filter((key) => unlike.has(key) && moved.has(key)),
  }
}

/** Whether all that an edit asks for is on the token, whatever else is. */
export function isInForce(edit: Edit, live: Settings): boolean {
  return fateOf(edit, live).taken.length === askedBy(edit).size
}

/** What was asked for, as the stack has written what it took of it: an update carries the whole token. */
export function madeOf(edit: Edit, live: Settings): Settings {
  const shown = withoutTargets(live)
  return withFields(edit.after, shown, new Set([...fateOf(edit, live).taken, ...rewritten(edit.after, shown)]))
}

/** The fields in which `live` differs from what was sent, but is the same in a stack's own writing. */
export function rewritten(sent: Settings, live: Settings): FieldKey[] {
  const unlike = new Set(diff(sent, asWritten(sent, live)).map(({ key }) => key))
  return diff(sent, live)
    .map(({ key }) => key)
    .filter((key) => !unlike.has(key))
}

/**
 * `live`, but with what was asked for wherever it is the same in a stack's own writing: text without the spaces around it or
 * with single ones, letters composed otherwise, another time of the same day, a name that is listed twice.
 */
function asWritten(after: Settings, live: Settings): Settings {
  const text = (asked: string, found: string) => (plain(asked) === plain(found) ? asked : found)
  const sameDay = dayOf(after.expiresOn) !== null && dayOf(after.expiresOn) === dayOf(live.expiresOn)
  return {
    ...live,
    name: text(after.name, live.name),
    description: text(after.description, live.description),
    expiresOn: sameDay ? after.expiresOn : live.expiresOn,
  }
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** For the events that tell of it: nothing where it is as was asked for. */
export function unlessSame<K extends string>(key: K, found: Settings, asked: Settings): { [key in K]?: Settings } {
  return same(found, asked) ? {} : ({ [key]: found } as { [key in K]: Settings })
}
