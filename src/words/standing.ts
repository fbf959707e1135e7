import { approvalsCounted, approvalsLeft } from '../domain/change/approvals.ts'
import { firstRequester, isHeirless, isOrphaned, orphanWaitsFor } from '../domain/change/askers.ts'
import { asideBecause, askersOf, type Change, hasEnded } from '../domain/change/change.ts'
import {
  aboutToBeApplied,
  appliedFirst,
  type Beside,
  fromBackup,
  moversInWords,
  notAppliedYet,
  notSeenYet,
  tokenHasMoved,
  unseenOf,
  waitOf,
} from '../domain/change/status.ts'
import { distinctInList } from '../domain/look-alikes.ts'
import { idsOf } from '../domain/policy/quorum.ts'
import { repointed } from '../domain/token/targets.ts'
import { line, type Piece, quote } from './pieces.ts'
import { roomy } from './requirement.ts'
import { clip, count } from './text.ts'
import { people, type Word, type Words } from './words.ts'
import {
  appliedOtherwise,
  otherThanAsked,
  sentSoFar,
  sentUntilItFailed,
  writtenInWords,
  wroteNothing,
} from './written.ts'

/** `link`: its card's permalink, if it has a card. */
export type OtherChange = Beside & { readonly link: string | null }

const mostAside = 200

/** The status of a change, as the rest of a sentence that begins with its number. No full stop. */
export function standing(change: Change, others: readonly OtherChange[] = []): Words {
  const aside = asideBecause(change)
  if (aside !== null) return [`is set aside, because ${clip(aside, mostAside)}`, ...sentSoFar(change)]
  switch (change.status) {
    case 'pending':
      return [
        `${isOrphaned(change) ? `is waiting to be ${orphanWaitsFor(change)}` : `is waiting for ${missingInWords(change)}`}${fromBackup(change)}`,
        ...sentSoFar(change),
      ]
    case 'approved':
      return [...beforeApplying(waitOf(change, others)), ...sentSoFar(change)]
    case 'applying':
      return beingApplied(change)
    case 'applied':
      return change.written
        ? ['was applied ', { at: change.endedAt }, ...appliedOtherwise(change)]
        : ['ended ', { at: change.endedAt }, ': the token was already set this way', ...asFound(change)]
    case 'failed':
      return ['failed ', { at: change.endedAt }, ...sentUntilItFailed(change)]
    case 'drifted':
      return ['was stopped ', { at: change.driftedAt }, ': ', ...stoppedBy(change)]
    case 'rejected':
      return ['was rejected by ', { person: change.rejectedBy }, ' ', { at: change.endedAt }, ...sentSoFar(change)]
    case 'cancelled':
      return [
        'was cancelled by ',
        { person: change.cancelledBy },
        ' ',
        { at: change.endedAt },
        '; ',
        ...writtenInWords(change),
      ]
    case 'expired':
      return wroteNothing(change)
        ? ['expired ', { at: change.endedAt }, ': it was not approved and applied in time', ...andNothing(change)]
        : ['expired ', { at: change.endedAt }, ...sentSoFar(change)]
  }
}

function beingApplied(change: Extract<Change, { status: 'applying' }>): Words {
  const { cutOff, lease } = change
  const unseen = unseenOf(change)
  const next = (at: string): Words => [...sentSoFar(change), '; it is looked at again ', { at, seconds: true }]
  if (unseen !== null) return [notSeenYet, ...next(unseen.lookAt)]
  if (cutOff) return ['is approved, and was being applied when Countersign was started again', ...next(lease.until)]
  return ['is approved and being applied now', ...sentSoFar(change)]
}

function beforeApplying(wait: ReturnType<typeof waitOf<OtherChange>>): Words {
  if (wait === null) return [aboutToBeApplied]
  if (wait.for === 'key') return [`${notAppliedYet}; Countersign tries again once it is started with the missing key`]
  if (wait.for === 'next try') return [`${notAppliedYet}; the next try is due `, { at: wait.at, seconds: true }]
  return ['is approved and waits for ', nameOf(wait.other), appliedFirst]
}

function nameOf({ id, link }: OtherChange): Word {
  return link === null ? `#${id}` : { link, name: `#${id}` }
}

/** Once an update was sent, whatever came of it, nobody knows who wrote the value that was found. */
function asFound(change: Extract<Change, { status: 'applied' }>): Words {
  if (!change.turnedDown) return andNothing(change)
  const { sentAt, why } = change.turnedDown
  return ['; what is known of the update sent ', { at: sentAt }, `: ${clip(why, mostAside)}`, ...sentSoFar(change)]
}

function andNothing(change: Change): Words {
  return wroteNothing(change) ? [', and ', ...writtenInWords(change)] : sentSoFar(change)
}

function stoppedBy(change: Extract<Change, { status: 'drifted' }>): Words {
  const wrote = sentSoFar(change)
  const moved = tokenHasMoved(change)
    ? [[`the token had been changed ${moversInWords(change, change.id)}${perhapsSincePutBack(change)}`]]
    : []
  return [
    ...[...moved, ...repointedInWords(change)].flatMap((words, i) => (i === 0 ? words : ['; ', ...words])),
    ...(wrote.length > 0 ? wrote : [', and nothing was overwritten']),
  ]
}

/** A log restored from a backup does not know what Countersign wrote after the backup was made. */
function perhapsSincePutBack({ putBackAt }: Change): string {
  return putBackAt === undefined ? '' : ', or by Countersign itself before a backup was put back'
}

/** Aliases named in the reason for a stop; the fields below say where each points. */
const mostRepointed = 3

function repointedInWords({ before, live }: Extract<Change, { status: 'drifted' }>): Words[] {
  const all = repointed(before, live)
  const more = all.length - mostRepointed
  return [
    ...all
      .slice(0, mostRepointed)
      .map(
        ({ alias, was, is }): Words => [
          { said: distinctInList(alias) },
          ' points to ',
          { said: distinctInList(is) },
          ' now, but pointed to ',
          { said: distinctInList(was) },
          ' when this was asked for',
        ],
      ),
    ...(more > 0 ? [[`${count(more, 'other alias points', 'other aliases point')} elsewhere too`]] : []),
  ]
}

/** Says how many approvals are missing only where that is certain. */
function missingInWords(change: Change): string {
  const { lost } = change
  const left = lost === null || lost.why === null ? approvalsLeft(change) : null
  if (left === null || left === 0) return 'more approvals'
  return count(left, approvalsCounted(change).length > 0 ? 'more approval' : 'approval')
}

/** The reason for a change's status, if somebody gave one. */
export function why(change: Change): Piece[] {
  if (asideBecause(change) !== null) return [line(change.status === 'applying' ? asideWhileApplied : untilConfigured)]
  return [...orphanedInWords(change).map((words) => line(...words)), ...whyItStands(change)]
}

/** Empty for a change that has a card, as far as anybody knows, or will get one any moment. */
export function cardlessInWords({ cardless, status }: Change): string[] {
  if (cardless === undefined) return []
  const { why, isInDoubt } = cardless
  const said = why === null ? '' : ` (${clip(why, mostAside)})`
  const again = why === null ? '' : `, and another try failed${said}`
  const what = isInDoubt
    ? `Slack has not said whether its card was posted${again}`
    : `Its card could not be posted${said}`
  return [status === 'pending' ? `${what}: approvers can decide on it on App Home.` : `${what}.`]
}

/** Names people who asked for an open change and no longer may, and says what can be done about it. */
export function orphanedInWords(change: Change, most = roomy.people): Words[] {
  if (!isOrphaned(change) || hasEnded(change)) return []
  const barred = (change.barredAskers ?? []).slice(0, most).map(({ by, why }): Words => {
    const did = by === firstRequester(change) ? 'asked for' : by === change.requester ? 'took over' : 'edited'
    return [{ person: by }, ` ${did} this change, and may no longer ask for it: `, { said: why }, '.']
  })
  if (isHeirless(change)) return [...barred, [nobodyCanTakeOver(change)]]
  return [
    ...barred,
    [
      'To go on, one of these people has to take it over: ',
      ...people(change.heirs ?? namedHeirs(change), most),
      '. It then needs new approvals.',
    ],
  ]
}

function nobodyCanTakeOver({ status }: Change): string {
  const end = status === 'pending' ? 'Reject or cancel it' : 'Cancel it'
  return `Nobody can take it over: too few people would be left to approve it. ${end}. If it is still wanted, somebody else can ask for it again.`
}

/** The people and groups that the rules name, and everybody who asked for the change and still may. */
function namedHeirs(change: Change): string[] {
  const { requirement, today, barredAskers = [] } = change
  const parties = [...requirement.parties, ...(today !== null && 'parties' in today ? today.parties : [])]
  const barred = barredAskers.map(({ by }) => by)
  return [...new Set([...askersOf(change), ...idsOf(parties)])].filter((id) => !barred.includes(id))
}

function whyUnseen(change: Extract<Change, { status: 'applying' }>): Piece[] {
  const unseen = unseenOf(change)
  return [
    line(change.write?.answer.kind === 'taken' ? isTaken : unseen === null ? noCancel : notBeforeALook),
    ...(unseen === null ? [] : [line('Why the outcome of the update is not known yet:'), quote(unseen.why)]),
  ]
}

function whyItStands(change: Change): Piece[] {
  switch (change.status) {
    case 'pending':
      return change.lost === null || change.lost.why === null
        ? []
        : [
            line('It was approved, but when it was due to be applied, the approvals were no longer enough:'),
            quote(change.lost.why),
          ]
    case 'approved':
      return change.interruption === null ? [] : [line('Why it is not applied yet:'), quote(change.interruption.why)]
    case 'applied':
      return otherThanAsked(change)
    case 'applying':
      return whyUnseen(change)
    case 'failed':
      return [line('Why:'), quote(change.why), line('Look at the token in Contentstack before asking again.')]
    case 'rejected':
      return [line('The reason given:'), quote(change.rejection)]
    case 'cancelled':
      return change.cancellation === undefined ? [] : [line('The reason given:'), quote(change.cancellation)]
    default:
      return []
  }
}

const noCancel = "It can't be cancelled right now: its update may be on its way."
const notBeforeALook = "It can't be cancelled until a look at the token shows what the update did."
const isTaken = 'It can no longer be cancelled: the stack said that it took the update.'
const untilConfigured =
  'Nobody can decide on it, and it is not applied. It goes on once the stack is configured again; until then it can be cancelled, and it can expire.'
const asideWhileApplied =
  'It was being applied: look at the token in Contentstack. Countersign looks once the stack is configured again. Until then it can be cancelled, but that does not undo what was sent.'

const mostOthers = 10

const thenStops =
  ' If one of these is applied first, this one stops and has to be rebased, unless both ask for the same.'

/**
 * Whoever decides on one of several changes to a token should know of the others: applying one makes the rest drift.
 * `mayStop` is false for a change that has already stopped.
 */
export function othersInWords(others: readonly OtherChange[], mayStop: boolean): Piece[] {
  if (others.length === 0) return []
  const named = others.slice(0, mostOthers).flatMap((other, i): Word[] => [i === 0 ? '' : ', ', nameOf(other)])
  const more = others.length > mostOthers ? ` and ${count(others.length - mostOthers, 'more', 'more')}` : ''
  return [line('Other open changes to this token: ', ...named, more, '.', mayStop ? thenStops : '')]
}
