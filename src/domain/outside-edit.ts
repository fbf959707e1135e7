import type { Change } from './change.ts'
import { diff, type FieldKey } from './diff.ts'
import type { Settings } from './token.ts'

/** Two looks at a token, one after the other: `since` is when the first of them was over. */
type Looks = { readonly before: Settings; readonly live: Settings; readonly since: string }

/**
 * Whether somebody else has edited the token between two looks. An update of the app's own is none, also when the stack took
 * only some of its fields: then everything that moved has become what one of its changes asks for.
 */
export function isOutsideEdit(ofToken: readonly Change[], { before, live, since }: Looks): boolean {
  const moved = movedFields(before, live)
  if (moved.length === 0) return false
  return !ofToken.some((change) => mayHaveWritten(change, since) && isAsAsked(moved, change, live))
}

/** Rate limits whose fields were not configured at one of the looks say nothing about what happened in between. */
export function movedFields(before: Settings, live: Settings): FieldKey[] {
  const governed = before.rateLimits.kind !== 'ungoverned' && live.rateLimits.kind !== 'ungoverned'
  return diff(before, live)
    .map(({ key }) => key)
    .filter((key) => key !== 'rateLimits' || governed)
}

/** What is interrupted may arrive later than anybody waits for it. */
function mayHaveWritten(change: Change, since: string): boolean {
  switch (change.status) {
    case 'applying':
      return true
    case 'approved':
      return change.interruptions > 0
    case 'applied':
    case 'failed':
      return change.endedAt >= since
    case 'drifted':
      return change.driftedAt >= since
    default:
      return false
  }
}

function isAsAsked(moved: readonly FieldKey[], { after }: Change, live: Settings): boolean {
  const otherwise = new Set(diff(live, after).map(({ key }) => key))
  return moved.every((key) => !otherwise.has(key))
}
