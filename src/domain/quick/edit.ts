import { Refusal } from '../refusal.ts'
import { check, errorsInWords } from '../token/check.ts'
import { same } from '../token/diff.ts'
import type { Settings } from '../token/token.ts'
import { RefusedForAnother } from './instead.ts'
import type { Around } from './verb.ts'
import { type QuickCommand, verbOf } from './verbs.ts'

/**
 * The token's settings after a quick command: always something that the form can express, and that may be asked for now.
 * A grant never takes access away, and a revoke never gives any. Throws a Refusal for the person who typed it.
 */
export function quickEdit(command: QuickCommand, around: Around): Settings {
  const { before, facts, now } = around
  const { edit, nearer, nothingLeft } = verbOf(command.verb)
  const after = edit(command, around)
  if (same(before, after))
    throw new Refusal(
      'no_changes',
      'Nothing would change: when it was last looked at, the token was already set this way.',
    )
  // A reason can still be given in the form.
  const errors = check({ before, after, reason: command.reason ?? 'to be given', facts, now })
  const said = errorsInWords({ ...errors, ...nothingLeft?.(command, around, after) })
  const instead = said === '' ? null : (nearer?.(command, around) ?? null)
  if (instead !== null) throw new RefusedForAnother(said, instead)
  if (said !== '') throw new Refusal('invalid', said)
  return after
}
