import type { Keys } from './chain-check.ts'

/** The last entry of a log: which key made it, and what it says. */
export type LastEntry = { readonly seq: number; readonly key: string | null; readonly type: string }

/**
 * Why a log may not be written on with these keys, and what to do, as sentences; null when it may. The key of its last
 * entry has to be known: with another one, or none, changes would not be borne out, and nobody could verify the log any
 * more. A log without a key may get one, and one that was left on purpose may go on without.
 */
export function keyProblem(last: LastEntry | null, { current, earlier, lost }: Keys): string | null {
  if (!last || last.key === null || last.type === 'key_left' || last.key === lost) return null
  if (current === null)
    return (
      `The audit log was written with a key up to its last entry, #${last.seq}, and AUDIT_KEY is not set. Set it as before. ` +
      'To go on without a key on purpose, run "npm run audit -- leave-key" once, with AUDIT_KEY set. ' +
      ifLost
    )
  if ([current, ...earlier].some(({ id }) => id === last.key)) return null
  return (
    `The last entry of the audit log, #${last.seq}, was written with another key than AUDIT_KEY. Set AUDIT_KEY to that one. ` +
    'If you changed the key on purpose, give the one before it in AUDIT_KEY_PREVIOUS. ' +
    ifLost
  )
}

const ifLost = 'If nobody has that key any more, the README says under "A lost key" how to go on.'
