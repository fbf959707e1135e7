import type { Change } from '../domain/change/change.ts'
import { allWrittenBy, arrivedAfter, isOfNow, type Known, mayArriveAfter, timesSent } from '../domain/change/write.ts'
import { askedBy, rewritten } from '../domain/looks/in-force.ts'
import { isLikeText } from '../domain/looks/own-writing.ts'
import { effectsOf } from '../domain/policy/widening.ts'
import { diff, type FieldChange } from '../domain/token/diff.ts'
import { line, type Piece } from './pieces.ts'
import { verdict } from './verdict.ts'
import type { Words } from './words.ts'

type Applied = Extract<Change, { status: 'applied' }>

/**
 * Says what a change is known to have written, as a sentence without its full stop, for cards, messages, Home and the
 * terminal. Only the reason for a stop or an end, and what an entry of the log says, is worded elsewhere. It says no
 * more than was seen, and stays true whenever it is read: nothing redraws it as time passes.
 */
export function writtenInWords(change: Change): Words {
  const all = allWrittenBy(change).map(inWords)
  const known = all.flatMap((words, i) => (i === 0 ? words : ['; ', ...words]))
  const { putBackAt: at } = change
  if (at === undefined) return all.length === 0 ? ['nothing was written'] : known
  return all.length === 0
    ? [`nothing was written since ${backup}`, { at }, '; it is not known whether anything was written before that']
    : [...known, `; it is not known whether more was written before ${backup}`, { at }]
}

const backup = 'a backup of the database was put back '

function inWords(written: Known): Words {
  switch (written.kind) {
    case 'perhaps':
      return [...sent(written), ' and could arrive until ', { at: written.until }]
    case 'taken':
      return [
        `the stack said that it took ${written.earlier ? 'an update of an earlier revision' : 'the update'} sent `,
        { at: written.sentAt },
        ...(written.unseen ? [', but no look has shown it'] : []),
      ]
    case 'seen':
      return [...sent(written), ', and a look showed what it asked for ', { at: written.seenAt }]
  }
}

function sent({ sentAt, left, earlier }: { sentAt: string; left: boolean; earlier: boolean }): Words {
  const update = earlier ? 'an update of an earlier revision' : 'an update'
  return [`${update} ${left ? 'was sent' : 'may have been sent'} `, { at: sentAt }]
}

/** The same for an open change: nothing to say until something was sent. */
export function sentSoFar(change: Change): Words {
  return wroteNothing(change) ? [] : ['; ', ...writtenInWords(change)]
}

/** The same for a change that failed. The first releases did not record what they sent, so nothing is said of that. */
export function sentUntilItFailed(change: Change): Words {
  return wroteNothing(change) && change.sends !== undefined ? [': ', ...writtenInWords(change)] : sentSoFar(change)
}

export function wroteNothing(change: Change): boolean {
  return allWrittenBy(change).length === 0
}

/**
 * Says that the result is not exactly what was asked for, as the rest of a sentence that says the change was applied.
 */
export function appliedOtherwise(change: Applied): Words {
  const { asked, besides, moved } = differences(change)
  return [
    ...(asked.length > 0 ? [partlyInWords(change)] : []),
    ...(besides.length > 0 ? [`; ${besidesInWords(change)}: ${besides.map(({ label }) => label).join(', ')}`] : []),
    ...(moved.length > 0 ? ['; more of the token was changed in the meantime'] : []),
    ...(wasShownInTime(change) ? [] : ["; the stack's answer showed it, and no look had"]),
    ...arrivedAfter(change).flatMap((late): Words => ['; ', ...inWords(late)]),
    ...mayArriveAfter(change).flatMap((late): Words => ['; ', ...mayYetArrive(change, late)]),
  ]
}

/**
 * Beside the update that was found: whoever reads that another may still arrive has to know that it carries nothing
 * else.
 */
function mayYetArrive(change: Applied, late: Known): Words {
  const { times, left } = timesSent(change)
  if (late.kind !== 'perhaps' || late.earlier || times < 2) return inWords(late)
  const often = times === 2 ? 'twice' : 'more than once'
  return [
    `it ${left ? 'was' : 'may have been'} sent ${often}: another update, with the same content, ${late.left ? 'was' : 'may have been'} sent `,
    { at: late.sentAt },
    ' and could arrive until ',
    { at: late.until },
  ]
}

function partlyInWords(change: Applied): string {
  return keeper(change) === 'the stack keeps'
    ? ', but the stack keeps some of it differently'
    : ', but some of it is not as asked for'
}

function besidesInWords(change: Applied): string {
  return keeper(change) === 'the stack keeps'
    ? 'the stack also rewrote what nobody asked to change'
    : 'the token also differs in what nobody asked to change'
}

/**
 * If the difference is more than another way of writing what the update sent, nobody can tell if the stack or somebody
 * else made it.
 */
export function keeper(change: Applied): string {
  const { after, stored = after } = change
  const isRewritten = rewritten(after, stored, isLikeText).length === diff(after, stored).length
  return wasTaken(change) && isRewritten ? 'the stack keeps' : 'the token has'
}

function wasTaken(change: Applied): boolean {
  return (change.sends ?? []).filter(isOfNow(change)).some(({ answer }) => answer === 'taken')
}

function wasShownInTime(change: Applied): boolean {
  return (change.sends ?? []).filter(isOfNow(change)).every(({ watchUntil }) => watchUntil === undefined)
}

/** True if the stack holds exactly what was asked for, to the letter. */
export function wasWrittenAsAsked(change: Change): boolean {
  return change.status === 'applied' && change.written && differences(change).asked.length === 0
}

/** Field by field: what the stack made of it, and what else was changed meanwhile. */
export function otherThanAsked(change: Applied): Piece[] {
  const { made, moved } = differences(change)
  return [
    ...(made.length > 0 ? [line(`What ${keeper(change)}:`), ...made.map(instead), ...byWhom(change)] : []),
    ...meaning(change),
    ...(moved.length > 0 ? [line('What else was changed in the meantime:'), ...moved.map(instead)] : []),
  ]
}

function byWhom(change: Applied): Piece[] {
  return keeper(change) === 'the stack keeps'
    ? []
    : [line('Either the stack or somebody else did this; it is not known which.')]
}

/** The change's own verdict is about what was asked for. */
function meaning({ after, stored = after }: Applied): Piece[] {
  const made = { before: after, after: stored }
  return effectsOf(after, stored).length === 0 ? [] : [line('Compared with what was approved: ', ...verdict(made))]
}

function instead({ label, before, after }: FieldChange): Piece {
  return line({ strong: label }, ': ', { said: after }, ' instead of ', { said: before })
}

/**
 * In a field that nobody asked to change, this change can only have rewritten the same value: an update carries the
 * whole token.
 */
export function differences(change: Applied) {
  const { after, stored = after, live = stored } = change
  const made = diff(after, stored)
  const isAsked = askedBy(change)
  const [asked, besides] = [made.filter(({ key }) => isAsked.has(key)), made.filter(({ key }) => !isAsked.has(key))]
  return { made, asked, besides, moved: diff(stored, live) }
}
