import { askersAfter } from './askers.ts'
import { amendersWith, type Base, type Change, keysOfBase } from './change.ts'
import type { ChangeEvent, Proposed } from './event.ts'
import type { Lost } from './parts.ts'
import { isOfNow, type Send, sendsOf, sendsSeen, sendsWith, sendsWithSeen, sendsWithUnseen } from './write.ts'

export function open(id: number, { type: _, at, origin: __, ...proposal }: Proposed): Change {
  return {
    ...proposal,
    id,
    revision: 1,
    proposedAt: at,
    revisedAt: at,
    amenders: [],
    voided: [],
    ...fresh,
    status: 'pending',
  }
}

const fresh = { approvals: [], lost: null, today: null, claimedBy: null, nudgedAt: null, reminders: 0 }

/** The state that `event` leads to. Replaying a change's events from the first gives its stored state. */
export function evolve(change: Change, event: ChangeEvent): Change {
  const base = baseOf(change)
  switch (event.type) {
    case 'proposed':
      return open(change.id, event)
    case 'approved': {
      const { type: _, quorum, lost, pressed: __, ...approval } = event
      const voided = change.voided.filter((person) => person !== event.by)
      const decided = { ...lookedAtByNobody(base), approvals: [...change.approvals, approval], voided }
      return quorum
        ? { ...decided, voided: [], lost: null, status: 'approved', interruptions: 0, interruption: null }
        : { ...decided, ...(lost && { lost: lostOf(change, lost) }), status: 'pending' }
    }
    case 'quorum_lost':
      return { ...base, lost: { approvals: event.lost, why: event.why }, status: 'pending' }
    case 'amended':
    case 'rebased':
      return revise(change, event)
    case 'askers_barred':
      return barAskers(change, event)
    case 'taken_over':
      return takeOver(change, event)
    case 'ruled_anew':
      return { ...change, today: event.today }
    case 'put_back':
      return putBack(change, event)
    case 'set_aside':
      return { ...change, setAside: event.why }
    case 'claimed':
      return claimed(change, event)
    case 'reminded':
      return { ...change, remindAt: event.remindAt, reminders: change.reminders + 1 }
    case 'nudged':
      return { ...change, nudgedAt: event.at }
    case 'write_arrived':
      return arrived(change, event)
    default:
      return end(change, event)
  }
}

/** The token already had what an applied change asks for: nobody can tell who brought it back. */
function arrived(change: Change, { at, sentAt }: Extract<ChangeEvent, { type: 'write_arrived' }>): Change {
  const sends = sendsWithSeen(change.sends, sentAt, at)
  const isAgain = (one: Send) => change.status === 'applied' && one.sentAt === sentAt && isOfNow(change)(one)
  return { ...change, sends: sends?.map((one) => (isAgain(one) ? { ...one, again: true } : one)) }
}

function claimed(change: Change, { by, looking }: Extract<ChangeEvent, { type: 'claimed' }>): Change {
  const nobody = lookedAtByNobody(change)
  if (looking === undefined) return { ...nobody, claimedBy: by }
  return { ...nobody, claimedBy: looking.at(-1)?.by ?? null, looking }
}

function lookedAtByNobody<T extends Base>({ looking: _, ...rest }: T): T {
  return { ...rest, claimedBy: null } as unknown as T
}

function lostOf({ lost }: Change, approvals: readonly Lost[]): Base['lost'] {
  return approvals.length === 0 ? null : { approvals, why: lost?.why ?? null }
}

/**
 * Earlier approvals no longer count; a stopped change still waits to be rebased. For a change that was being applied,
 * nobody knows if its update was sent.
 */
function putBack(change: Change, { at }: Extract<ChangeEvent, { type: 'put_back' }>): Change {
  const voided = { approvals: [], voided: approversSoFar(change), lost: null, putBackAt: at }
  return change.status === 'drifted'
    ? { ...change, ...voided }
    : { ...baseOf(change), ...unanswered(change), ...voided, status: 'pending' }
}

/** Everybody who has approved it so far, whether that still counted or not. */
function approversSoFar({ voided, approvals }: Change): string[] {
  return [...new Set([...voided, ...approvals.map(({ by }) => by)])]
}

/** Whoever can take it over is reminded at once: it can't be decided on until somebody has. */
function barAskers(change: Change, { at, barred }: Extract<ChangeEvent, { type: 'askers_barred' }>): Change {
  if (barred.length === 0) return askedByAll(change)
  const stopped = { barredAskers: barred, remindAt: at }
  return change.status === 'drifted' ? { ...change, ...stopped } : { ...baseOf(change), ...stopped, status: 'pending' }
}

/** The key is missing if everybody may ask for it, as in what was kept before it existed. */
function askedByAll<T extends Base>(change: T): T {
  const { barredAskers: _, ...rest } = change
  return rest as T
}

/** A change that was stopped because the token moved still has to be rebased, by whoever asks for it now. */
function takeOver(change: Change, { type: _, from, ...event }: Extract<ChangeEvent, { type: 'taken_over' }>): Change {
  const { by, at, tells } = event
  const takenOver = [...(change.takenOver ?? []), { by, at, from, requester: change.requester }]
  const next = { ...revise(change, { ...event, type: 'amended', tells }), ...askersAfter(change, by, from), takenOver }
  if (change.status !== 'drifted') return next
  const { driftedAt, live, by: movedBy, unproven, elsewhere, perhaps, undated } = change
  const whose = {
    ...(movedBy && { by: movedBy }),
    ...(unproven && { unproven }),
    ...(elsewhere !== undefined && { elsewhere }),
    ...(perhaps && { perhaps }),
    ...(undated && { undated }),
  }
  return { ...next, status: 'drifted', driftedAt, live, ...whose }
}

function revise(
  change: Change,
  event: Extract<ChangeEvent, { type: 'amended' | 'rebased' }>,
): Extract<Change, { status: 'pending' }> {
  const {
    tells = [],
    over,
    pressed: ____,
    ...content
  } = event.type === 'amended' ? { ...event, over: undefined, pressed: undefined } : { ...event, tells: [] }
  const { type, at: revisedAt, by, voids: ___, ...revised } = content
  const amenders = type === 'amended' ? amendersWith(change, by) : change.amenders
  const revision = change.revision + 1
  const next = {
    ...fresh,
    ...revised,
    today: revised.today ?? null,
    revisedAt,
    voided: approversSoFar(change),
    amenders,
    revision,
  }
  const { edited, shownAt: _, putBackAt: __, ...base } = askedByAll(lookedAtByNobody(baseOf(change)))
  const told = tells.length > 0 ? { revision, by, tells } : type === 'amended' ? edited : undefined
  const sends = change.sends && { sends: sendsOf(change.sends, change.after) }
  const rebased = over && { rebased: { revision, by, at: revisedAt, over } }
  return { ...base, ...next, ...sends, ...rebased, ...(told && { edited: told }), status: 'pending' }
}

type Ending = Exclude<
  ChangeEvent,
  {
    type:
      | 'proposed'
      | 'approved'
      | 'quorum_lost'
      | 'askers_barred'
      | 'taken_over'
      | 'amended'
      | 'rebased'
      | 'ruled_anew'
      | 'set_aside'
      | 'put_back'
      | 'claimed'
      | 'reminded'
      | 'nudged'
      | 'write_arrived'
  }
>

function end(change: Change, event: Ending): Change {
  const base = baseBy(change, event)
  const interruptions = 'interruptions' in change ? change.interruptions : 0
  switch (event.type) {
    case 'rejected':
      return { ...base, status: 'rejected', endedAt: event.at, rejectedBy: event.by, rejection: event.reason }
    case 'cancelled':
      return {
        ...base,
        ...unanswered(change),
        status: 'cancelled',
        endedAt: event.at,
        cancelledBy: event.by,
        ...(event.reason !== undefined && { cancellation: event.reason }),
      }
    case 'expired':
      return { ...base, status: 'expired', endedAt: event.at }
    case 'apply_started': {
      const { at: startedAt, lease } = event
      const tracked = lease.arrival === undefined ? {} : { startedAt, sends: base.sends ?? [] }
      return { ...base, status: 'applying', interruptions, lease, ...tracked }
    }
    case 'write_answered':
      return answered(change, event)
    case 'apply_unseen':
      return change.status === 'applying' ? { ...change, unseen: { why: event.why, lookAt: event.lookAt } } : change
    case 'apply_interrupted':
    case 'apply_postponed': {
      const { why, retryAt } = event
      const untilKey = event.type === 'apply_interrupted' ? event.untilKey : undefined
      const interruption = { why, retryAt, ...(untilKey !== undefined && { untilKey }) }
      const tries = event.type === 'apply_interrupted' ? interruptions + 1 : interruptions
      return { ...base, status: 'approved', interruptions: tries, interruption }
    }
    case 'applied': {
      const { type: _, at: endedAt, sentAt, watchUntil: __, ...found } = event
      const sends =
        sentAt === undefined ? base.sends && sendsSeen(base.sends, endedAt) : sendsWithSeen(base.sends, sentAt, endedAt)
      return { ...base, ...(sends && { sends }), status: 'applied', endedAt, ...found }
    }
    case 'apply_refused':
      return { ...base, status: 'failed', endedAt: event.at, why: event.why }
    case 'drift_found': {
      const { type: _, at: driftedAt, watchUntil: __, ...found } = event
      return { ...base, status: 'drifted', driftedAt, ...found }
    }
  }
}

/** Includes the end's news of an update that no look has shown in time. */
function baseBy(change: Change, event: Ending): Base {
  const base = baseOf(change)
  const watchUntil = 'watchUntil' in event ? event.watchUntil : undefined
  return watchUntil === undefined ? base : { ...base, sends: sendsWithUnseen(base.sends, watchUntil) }
}

/** An answer for a change that is no longer being applied says nothing about it. */
function answered(change: Change, event: Extract<ChangeEvent, { type: 'write_answered' }>): Change {
  if (change.status !== 'applying') return change
  const { type: _, at, ...write } = event
  const until = change.lease.arrival ?? change.lease.until
  const sends = sendsWith(change.sends, { sentAt: write.sentAt, until, answer: write.answer.kind })
  return { ...change, write, sends }
}

/** If a change ends while it is being applied, nobody knows if its update was sent, so it may still arrive. */
function unanswered(change: Change): Pick<Base, 'sends'> {
  if (change.status !== 'applying' || change.write) return {}
  const { approvals, lease, startedAt, sends } = change
  const sentAt = startedAt ?? approvals.at(-1)?.at ?? change.proposedAt
  return { sends: sendsWith(sends, { sentAt, until: lease.arrival ?? lease.until, answer: 'none' }) }
}

/** The fields that every status has; pending has no others. Replaying a long log calls this for each event. */
function baseOf(change: Change): Base {
  if (change.status === 'pending') return change
  const base: Record<string, unknown> = {}
  for (const key of keysOfBase) if (key in change) base[key] = change[key]
  return base as Base
}
