import type { Refused } from '../../domain/audit/fact.ts'
import type { Lost } from '../../domain/change/parts.ts'
import { moversInWords } from '../../domain/change/status.ts'
import type { Answer } from '../../domain/change/write.ts'
import type { Ruling } from '../../domain/policy/policy.ts'
import { diff } from '../../domain/token/diff.ts'
import type { Settings } from '../../domain/token/token.ts'
import type { AuditEvent } from '../../ports/log.ts'

/** Words for what the actor of a log entry did, as the rest of a sentence. */
export function inWords(event: AuditEvent['event'], changeId: number | null = null): string {
  switch (event.type) {
    case 'proposed':
      return `${event.enteredBy === undefined ? 'asked for it' : `entered it for ${event.requester}`}: ${event.reason}`
    case 'approved':
      return `approved revision ${event.revision}${event.comment.trim() === '' ? '' : `: ${event.comment}`}`
    case 'rejected':
      return `rejected it: ${event.reason}`
    case 'cancelled':
      return event.reason === undefined ? 'cancelled it' : `cancelled it: ${event.reason}`
    case 'amended':
      return `edited it: ${labelsOf(event)}${event.reasonBy === event.by ? `. Reason: ${event.reason}` : ''}`
    case 'rebased':
      return `rebased it onto the token as it was found: ${labelsOf(event)}`
    case 'apply_started':
      return 'began to apply it'
    case 'write_answered':
      return answerInWords(event.answer)
    case 'write_arrived':
      return `found on the token what the update of ${event.sentAt} was meant to write`
    case 'apply_unseen':
      return `looks at the token again at ${event.lookAt}: ${event.why}`
    case 'applied':
      return appliedInWords(event)
    case 'apply_interrupted':
      return `could not apply it yet: ${event.why}`
    case 'apply_postponed':
      return `waits until ${event.retryAt}: ${event.why}`
    case 'apply_refused':
      return `ended it as failed: ${event.why}`
    case 'drift_found':
      return `stopped it, since the token${event.live.aliasTargets ? ', or what its aliases point to,' : ''} was changed ${moversInWords(event, changeId)}`
    case 'quorum_lost':
      return `put it back to waiting: ${event.why}`
    case 'askers_barred':
      return barredInWords(event.barred)
    case 'taken_over':
      return `took it over from ${event.from.join(', ')}`
    case 'claimed':
      return event.looking?.every(({ by }) => by !== event.by) ? 'no longer looks at it' : 'looks at it'
    case 'ruled_anew':
      return `checked it against another policy: ${rulingInWords(event.today)}`
    case 'put_back':
      return 'recorded that a backup was put back: no approval from before counts'
    case 'set_aside':
      return event.why === null ? 'took it up again: its stack is configured' : `set it aside: ${event.why}`
    case 'refused':
      return `was not allowed to ${event.attempted}${event.again ? againInWords(event.again) : ''}: ${event.why}`
    default:
      return others[event.type] ?? event.type
  }
}

function appliedInWords(event: Extract<AuditEvent['event'], { type: 'applied' }>): string {
  const { written, watchUntil, sentAt, stored } = event
  if (watchUntil !== undefined) return "counted it as applied: the stack's answer showed it, though no look has"
  if (written) return `found it applied${stored === undefined ? '' : ', some of it not as asked for'}`
  // An update of an earlier revision may have been written.
  return sentAt === undefined
    ? 'found that the token was already as asked, and wrote nothing'
    : 'found that the token was already as asked'
}

function answerInWords(answer: Answer): string {
  switch (answer.kind) {
    case 'taken':
      return 'sent an update, and the stack said that it took it'
    case 'none':
      return `sent an update, or was about to, and does not know the answer: ${answer.why}`
    case 'busy':
      return `could not get an update through: ${answer.why}`
    case 'refused':
      return `had its update refused: ${answer.why}`
    case 'unknown':
      return `sent an update, and got an answer that proves nothing: ${answer.why}`
  }
}

const others: Readonly<Record<string, string>> = {
  nudged: 'nudged the approvers',
  reminded: 'reminded the approvers',
  expired: 'let it expire',
}

function againInWords({ times, until, goesOn }: NonNullable<Refused['again']>): string {
  return goesOn ? `, ${times} more times so far` : `, ${times} more times until ${until}`
}

function barredInWords(barred: readonly Lost[]): string {
  if (barred.length === 0) return 'found that everybody who asks for it is allowed to do so again'
  return `stopped it, since some may no longer ask for it: ${barred.map(({ by, why }) => `${by} (${why})`).join(', ')}`
}

function rulingInWords(today: Ruling | null): string {
  if (today === null) return 'it asks for the same as before'
  return 'forbidden' in today
    ? `nobody can approve it. ${today.forbidden}`
    : `the rule “${today.rule}” has to be met too`
}

function labelsOf({ before, after }: { before: Settings; after: Settings }): string {
  return diff(before, after)
    .map(({ label }) => label)
    .join(', ')
}
