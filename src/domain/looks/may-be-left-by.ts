import type { Edit, FieldKey } from '../token/field.ts'
import { partOf } from '../token/fields.ts'
import type { Settings } from '../token/token.ts'
import { unlikeIn } from './in-force.ts'
import { mayBeText } from './own-writing.ts'

/**
 * Tells of each field whether an update may have left it like this: as it was sent (an update carries the whole token), as some
 * stack might write that, or with only a part of what was asked for.
 */
export function mayBeLeftBy(edit: Edit, live: Settings): (key: FieldKey) => boolean {
  const unlike = unlikeIn(edit.after, live, mayBeText)
  return (key) => !unlike.has(key) || (partOf(key).mayBePart?.(edit, live) ?? false)
}
