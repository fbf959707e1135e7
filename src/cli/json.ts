import { reasonAuthor } from '../domain/change/askers.ts'
import { asideBecause, type Change } from '../domain/change/change.ts'
import { reasonsOf } from '../domain/policy/reasons.ts'
import { effectsOf, type Judged, judgedAt, verdictOf } from '../domain/policy/widening.ts'
import { describe, diff } from '../domain/token/diff.ts'
import type { Settings, Token } from '../domain/token/token.ts'
import type { AuditEvent } from '../ports/log.ts'

/**
 * One document. Everything except plain ASCII is escaped, so that nothing in it can steer the terminal that shows it.
 */
export function asJson(document: object): string {
  return JSON.stringify(document, null, 2).replace(
    /[^\n\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function tokenAsJson({ stack, uid, settings }: Token) {
  return { stack, uid, name: settings.name, expiresOn: settings.expiresOn, settings, inWords: fieldsOf(settings) }
}

/** For programs: a key without a value is null, never left out. */
export function changeAsJson(change: Change) {
  const { id, stack, tokenUid, status, revision, requester, amenders, reason, requirement, before, after } = change
  return {
    id,
    stack,
    token: { uid: tokenUid, name: before.name },
    status,
    setAside: asideBecause(change),
    revision,
    requester,
    enteredBy: change.enteredBy ?? null,
    amenders,
    reason,
    reasonBy: reasonAuthor(change),
    ...editAsJson(change),
    before,
    after,
    requirement,
    requiredToday: change.today,
    barredAskers: change.barredAskers ?? [],
    takenOver: change.takenOver ?? [],
    approvals: change.approvals.map(({ by, at, comment }) => ({ by, at, comment })),
    proposedAt: change.proposedAt,
    putBackAt: change.putBackAt ?? null,
    expiresAt: change.expiresAt,
    updatesSent: (change.sends ?? []).map(({ sentAt, answer, until, seenAt = null }) => {
      return { sentAt, answer, mayArriveUntil: until, seenAt }
    }),
    asStored: ('stored' in change && change.stored) || null,
    found: ('live' in change && change.live) || null,
    ...endAsJson(change),
  }
}

export function editAsJson(edit: Judged) {
  const { before, after } = edit
  const effects = effectsOf(before, after, judgedAt(edit))
  return { verdict: verdictOf(effects), effects: reasonsOf(effects), fields: diff(before, after) }
}

export function entryAsJson({ seq, at, actor, event }: AuditEvent) {
  return { seq, at, actor, type: event.type, event }
}

function endAsJson(change: Change) {
  const ended = { endedAt: 'endedAt' in change ? change.endedAt : null }
  switch (change.status) {
    case 'rejected':
      return { ...ended, endedBy: change.rejectedBy, endedBecause: change.rejection }
    case 'cancelled':
      return { ...ended, endedBy: change.cancelledBy, endedBecause: change.cancellation ?? null }
    case 'failed':
      return { ...ended, endedBy: null, endedBecause: change.why }
    default:
      return { ...ended, endedBy: null, endedBecause: null }
  }
}

function fieldsOf(settings: Settings) {
  return describe(settings).map(({ key, label, value }) => ({ key, label, value }))
}
