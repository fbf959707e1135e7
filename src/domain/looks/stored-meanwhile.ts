import type { Change } from '../change/change.ts'
import type { FieldKey } from '../token/field.ts'
import type { Settings } from '../token/token.ts'
import { fateOf } from './in-force.ts'
import { alikeFor } from './own-writing.ts'

/**
 * The fields that a taken update asked for and that are neither as asked nor as before, if the stack says that the
 * token was stored after the look that the update was made from, and while its lease held: this is what a stack makes
 * of what it is sent. Somebody else may have edited the same field in that minute, which nobody can tell. Empty if the
 * stack showed what it stored.
 */
export function storedMeanwhile(change: Change, look: { settings: Settings; editedAt: string | null }): FieldKey[] {
  if (change.status !== 'applying' || change.write?.answer.kind !== 'taken') return []
  const { answer, over } = change.write
  if (answer.stored !== undefined || over === undefined || look.editedAt === null) return []
  const storedAt = Date.parse(look.editedAt)
  const isMeanwhile = storedAt > Date.parse(over) && storedAt <= Date.parse(change.lease.until)
  return isMeanwhile ? fateOf(change, look.settings, alikeFor(change)).neither : []
}
