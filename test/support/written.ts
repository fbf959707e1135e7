import type { Change } from '../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../src/domain/change/event.ts'
import { evolve } from '../../src/domain/change/evolve.ts'
import type { Lease } from '../../src/domain/change/parts.ts'
import { setAside } from '../../src/domain/change/set-aside.ts'
import { type Answer, mayStillArrive } from '../../src/domain/change/write.ts'
import { driftTo } from '../../src/domain/looks/drift.ts'
import { goneUnwritten, whyGone } from '../../src/domain/looks/gone.ts'
import { postpone } from '../../src/domain/looks/same-token.ts'
import { answeredWith, approvedBy, pending, proposedAt } from './changes.ts'
import { alice, bob, carol, settings } from './world.ts'

type Applying = Extract<Change, { status: 'applying' }>

const at = proposedAt
const later = '2026-06-01T09:05:00.000Z'
const arrival = '2026-06-01T09:15:00.000Z'
const why = 'so it came'

const answers: readonly Answer[] = [
  { kind: 'refused', why: 'the stack refused: the name is taken (status 422)' },
  { kind: 'busy', why: 'the stack got too many requests: slow down (status 429)' },
  { kind: 'unknown', why: 'the stack answered: bad gateway (status 502)' },
  { kind: 'none', why: 'the app stopped before it recorded an answer, or could not record one' },
  { kind: 'taken' },
]

/** A change in every state that sending or not sending its updates can lead to; open ones also set aside. */
export function howeverWritten(): Change[] {
  const first = begun().flatMap(goneOn)
  const all = [...first, ...first.flatMap(triedAgain).flatMap(goneOn)]
  const aside = all.flatMap((change) => {
    const event = setAside(change, 'its stack is not configured', later)
    return event ? [evolve(change, event)] : []
  })
  return [...all, ...aside]
}

/** How far a change can have come with its first apply: not begun, begun, or answered in some way. */
function begun(): Change[] {
  const approved = approvedBy([bob])
  const start = (lease: Lease) => evolve(approved, { type: 'apply_started', at, lease, seal: 'sealed' })
  const byEarlierRelease = start({ holder: 'first', until: at })
  const unanswered = start({ holder: 'first', until: at, arrival })
  const answered = answers.map((answer) => answeredWith(answer, { arrival }))
  return [pending(), approved, byEarlierRelease, unanswered, ...answered]
}

/** Approved and applied again, after waiting for approvals once more. */
function triedAgain(change: Change): Change[] {
  if (change.status !== 'pending' || change.sends === undefined) return []
  const approval = { by: carol, at: later, revision: change.revision, seal: 'sealed', comment: '' }
  const lease = { holder: 'second', until: arrival, arrival: '2026-06-01T09:35:00.000Z' }
  const approved = after(change, { type: 'approved', ...approval, quorum: true })
  const started = after(approved, { type: 'apply_started', at: later, lease, seal: 'sealed' })
  const sent = { type: 'write_answered', at: later, sentAt: '2026-06-01T09:20:00.000Z' } as const
  return [approved, ...answers.map((answer) => evolve(started, { ...sent, answer }))]
}

function goneOn(change: Change): Change[] {
  if (change.status === 'pending') return [change, ...withdrawn(change), rejected(change)]
  if (change.status === 'approved') return [change, ...withdrawn(change)]
  const applying = change as Applying
  const answer = applying.write?.answer.kind
  const mayBeTriedAgain = answer !== 'taken' && answer !== 'refused'
  return [change, ...judged(applying), ...(mayBeTriedAgain ? interrupted(applying) : [])]
}

function interrupted(change: Applying): Change[] {
  const stopped = after(change, { type: 'apply_interrupted', at, why: 'the stack did not answer in time', retryAt: at })
  const waiting = after(stopped, { type: 'quorum_lost', at, lost: [], why: 'one more must approve' })
  const edited = after(waiting, {
    ...waiting,
    type: 'amended',
    at: later,
    by: bob,
    after: settings({ name: 'else' }),
    voids: [],
  })
  const late = [waiting, edited, rejected(waiting), ...withdrawn(stopped)]
  return [stopped, ...postponed(stopped), ...late, ...late.flatMap(arrived)]
}

function postponed(change: Change): Change[] {
  const send = mayStillArrive(change, later)
  const event = send && postpone(change, { id: change.id, send }, later)
  return event ? [evolve(change, event)] : []
}

function arrived(change: Change): Change[] {
  const { sentAt } = change.sends?.at(-1) ?? {}
  return sentAt === undefined ? [] : [after(change, { type: 'write_arrived', at: later, sentAt })]
}

function withdrawn(change: Change): Change[] {
  return [after(change, { type: 'cancelled', at: later, by: alice }), after(change, { type: 'expired', at: later })]
}

function rejected(change: Change): Change {
  return after(change, { type: 'rejected', at: later, by: carol, reason: why })
}

/** The results of a look at the token, or of its being gone, for an apply. */
function judged(change: Applying): Change[] {
  const { answer } = change.write ?? {}
  const failed = (because: string) => after(change, { type: 'apply_refused', at: later, why: because })
  const written = change.sends === undefined || change.sends.length > 0
  return [
    after(change, { type: 'applied', at: later, written }),
    after(change, { type: 'applied', at: later, written, live: settings({ name: 'ci-release', emailNotice: false }) }),
    after(change, { type: 'applied', at: later, written, stored: settings({ name: 'CI-RELEASE' }) }),
    after(change, { type: 'applied', at: later, written, stored: settings({ name: 'of somebody' }) }),
    ...['by-hand', 'ci&amp;release'].map((name) =>
      after(change, driftTo(change, { settings: settings({ name }), editedAt: at }, { at: later, recent: [] })),
    ),
    failed(isUntried(change) ? goneUnwritten : whyGone(change)),
    ...(answer?.kind === 'refused' ? [failed(answer.why)] : []),
    ...(answer?.kind === 'taken' ? taken(change) : []),
  ]
}

/** An apply without an answer is judged only after a note that none is known. */
function isUntried({ startedAt, write }: Applying): boolean {
  return startedAt !== undefined && write === undefined
}

function taken(change: Applying): Change[] {
  const kept = 'the stack kept the old value of Name (still ci-deploy)'
  const unseen = 'the stack said that it took the update, but has not shown it yet'
  return [
    after(change, { type: 'apply_refused', at: later, why: kept }),
    after(change, {
      type: 'apply_refused',
      at: later,
      why: 'nothing came of it',
      watchUntil: '2026-06-08T09:05:00.000Z',
    }),
    after(change, { type: 'apply_unseen', at: later, why: unseen, lookAt: arrival }),
  ]
}

function after(change: Change, ...events: ChangeEvent[]): Change {
  return events.reduce(evolve, change)
}
