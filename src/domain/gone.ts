import type { Change } from './change.ts'

/** Why an apply can't be judged any more once the token is gone, as a clause: what that leaves open depends on what the stack answered. */
export function whyGone(change: Change): string {
  const gone = 'the token is gone from the stack'
  const answer = change.status === 'applying' ? change.write?.answer.kind : undefined
  if (answer === 'refused' || answer === 'busy') return gone
  return answer === 'taken'
    ? `${gone}, so nobody can look any more at what the update made of it`
    : `${gone}, so nobody can tell any more whether an update reached it`
}
