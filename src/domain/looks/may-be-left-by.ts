import type { Edit, FieldKey } from '../token/field.ts'
import { partOf } from '../token/fields.ts'
import type { Settings } from '../token/token.ts'
import { unlikeIn } from './in-force.ts'
import { mayBeText } from './own-writing.ts'

/**
 * Tells for each field if an update may have left it like this: as sent (an update carries the whole token), as some
 * stack might write it, or with only part of what was asked for.
 */
export function mayBeLeftBy(edit: Edit, live: Settings): (key: FieldKey) => boolean {
  const unlike = unlikeIn(edit.after, live, mayBeText)
  return (key) => !unlike.has(key) || (partOf(key).mayBePart?.(edit, live) ?? false)
}
