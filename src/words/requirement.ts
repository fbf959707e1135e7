import { type Approvable, approvalsLeft, approvalsSoFar, type UnderRule } from '../domain/change/approvals.ts'
import { type Asking as Askers, requestersOf } from '../domain/change/change.ts'
import { hasTooFew } from '../domain/change/named.ts'
import type { Approval } from '../domain/change/parts.ts'
import { isGroup, type Party } from '../domain/policy/policy.ts'
import type { Progress } from '../domain/policy/progress.ts'
import { line, type Piece } from './pieces.ts'
import { count } from './text.ts'
import { enumerated, people, type Word, type Words } from './words.ts'

type Asking = Approvable & Askers & { readonly tooFew?: true }

/** How much of a long list is named: in a message's blocks, and in its `text`. */
export type Room = { readonly parties: number; readonly people: number }
export const roomy: Room = { parties: 20, people: 20 }
export const brief: Room = { parties: 4, people: 3 }

/** The approvals that a change has and needs, party by party, under the rule that it was asked under. */
export function approvalsInLines(asking: Asking): Piece[] {
  const [asked, today] = approvalsSoFar(asking) as [UnderRule, UnderRule?]
  const each = severalPeople(asked.rule.parties) ? ', each from a different person' : ''
  return [
    line({ strong: 'Approvals' }, `${each}. Rule: `, { said: asked.rule.rule }),
    ...parties(asked, asking, roomy).map((words) => line(...words)),
    ...tooFewInWords(asking).map((words) => line(...words)),
    ...notTogether(asking).map((words) => line(words)),
    ...(forbiddenToday(asking) ?? []).map((words) => line(...words)),
    ...(today ? [line(`${asksToday}:`), ...parties(today, asking, roomy).map((words) => line(...words))] : []),
    ...confirmToday(asking).map((words) => line(words)),
  ]
}

/** The same in sentences, for places without lines. */
export function approvalsInWords(asking: Asking, room: Room = brief): Words[] {
  const [asked, today] = approvalsSoFar(asking) as [UnderRule, UnderRule?]
  return [
    ['Approvals: ', ...joined(parties(asked, asking, room), '; '), '.'],
    ...tooFewInWords(asking),
    ...(forbiddenToday(asking) ?? []),
    ...(today ? [[`${asksToday}: `, ...joined(parties(today, asking, room), '; '), '.']] : []),
    ...confirmToday(asking).map((words) => [words]),
  ]
}

/** Only who has approved and who is still needed, on one line. */
export function approvalsInALine(asking: Asking): Words {
  return joined(
    approvalsSoFar(asking).flatMap((under) => parties(under, asking, brief)),
    ' · ',
  )
}

/**
 * The parties that are still needed, a line each, with those of them who are `called`. Mentions only those, so whoever
 * has approved is left alone.
 */
export function stillNeeded(asking: Asking, called: (party: Party) => readonly string[], room: Room): Words[] {
  const [asked, today] = approvalsSoFar(asking) as [UnderRule, UnderRule?]
  const named = (party: Party): Words => {
    const ids = called(party)
    return ids.length === 0 ? ['nobody who can decide now'] : people(ids, room.people)
  }
  const needed = ({ progress }: UnderRule) => {
    const open = progress.filter(isOpen)
    const shown = open.slice(0, room.parties).map((one) => neededInWords(one, asking, named, room))
    return [...shown, ...partiesBeyond(open.length - room.parties)]
  }
  const more = today ? needed(today) : []
  return [...needed(asked), ...(more.length > 0 ? [[`${asksToday}:`], ...more] : [])]
}

/** Nobody knows which of them no longer counts before it is looked up again. */
function notTogether(asking: Asking): string[] {
  const isDone = approvalsLeft(asking) === 0 && !hasTooFew(asking)
  return isDone ? ["Enough people have approved, but their approvals can't all be counted together."] : []
}

const asksToday = 'The current policy asks for this as well'

function severalPeople(parties: readonly Party[]): boolean {
  return parties.length > 1
}

export function tooFewInWords(asking: Pick<Asking, 'requirement' | 'tooFew'> & Askers): Words[] {
  if (!hasTooFew(asking)) return []
  return [
    [
      'Too few people are left who can approve it. It can be approved once there are enough again. To ask again under another policy, cancel it.',
    ],
  ]
}

function forbiddenToday({ today }: Asking): Words[] | null {
  if (today === null || !('forbidden' in today)) return null
  return [['Under the current policy, nobody can approve it. ', { said: today.forbidden }]]
}

function confirmToday({ today, requirement }: Asking): string[] {
  const asks = today !== null && 'confirm' in today && today.confirm && !requirement.confirm
  return asks ? ['Whoever approves it has to type the name of the token.'] : []
}

function parties({ progress }: UnderRule, asking: Asking, room: Room): Words[] {
  return [
    ...progress.slice(0, room.parties).map((one) => progressInWords(one, asking, room)),
    ...partiesBeyond(progress.length - room.parties),
  ]
}

function partiesBeyond(hidden: number): Words[] {
  return hidden > 0 ? [[`and ${count(hidden, 'more party', 'more parties')}`]] : []
}

/** `✓ @security: approved by @dave 10:21` or `○ @owners: needs 1 approval` */
function progressInWords(progress: Progress<Approval>, asking: Asking, room: Room): Words {
  const { given } = progress
  const isDone = !isOpen(progress)
  const named = (party: Party) => namesIn(party, asking, room)
  if (!isDone && given.length === 0) return neededInWords(progress, asking, named, room)
  const who = whoInWords(progress.parties, named, room)
  const approved = enumerated(
    given.map(({ by, at }): Words => [{ person: by }, ' ', { at }]),
    room.people,
  )
  const needs = isDone ? [] : ['; ', ...needsInWords(progress, asking)]
  return [
    isDone ? '✓ ' : '○ ',
    ...who,
    ...(who.length > 0 ? [': '] : []),
    ...(given.length > 0 ? ['approved by '] : []),
    ...approved,
    ...needs,
  ]
}

/** `○ @owners: needs 1 approval` */
function neededInWords(progress: Progress<Approval>, asking: Asking, named: NamesOf, room: Room): Words {
  const who = whoInWords(progress.parties, named, room)
  return ['○ ', ...who, ...(who.length > 0 ? [': '] : []), ...needsInWords(progress, asking)]
}

function isOpen({ left }: Progress<Approval>): boolean {
  return !('exactly' in left && left.exactly === 0)
}

type NamesOf = (party: Party) => Words

/** Parties whose approvals can't be told apart say how many each of them asks for. */
function whoInWords(parties: readonly Party[], named: NamesOf, room: Room): Words {
  if (parties.length === 1) return named(parties[0]!)
  const shown = parties.slice(0, room.parties)
  const hidden = parties.length - shown.length
  return joined(
    [
      ...shown.map((party): Words => [`${party.quorum} of `, ...named(party)]),
      ...(hidden > 0 ? [[count(hidden, 'more party', 'more parties')]] : []),
    ],
    ' and ',
  )
}

function namesIn(party: Party, asking: Asking, room: Room): Words {
  return people(ableIn(party, asking), room.people)
}

function ableIn({ from }: Party, asking: Asking): string[] {
  return from.filter((id) => !requestersOf(asking).includes(id))
}

function needsInWords({ parties, given, left }: Progress<Approval>, asking: Asking): Words {
  if ('atLeast' in left)
    return [left.atLeast === 0 ? mayNeedMore(parties) : `needs at least ${count(left.atLeast, 'more', 'more')}`]
  const needs =
    given.length > 0 ? `needs ${count(left.exactly, 'more', 'more')}` : `needs ${count(left.exactly, 'approval')}`
  const [party] = parties
  const able = ableIn(party!, asking)
  if (parties.length > 1 || able.length >= party!.quorum || able.some(isGroup)) return [needs]
  if (able.length === 0) return [`${needs}, which nobody can give`]
  return [`${needs}, though only ${able.length === 1 ? 'one person' : `${able.length} people`} can give one`]
}

function mayNeedMore(parties: readonly Party[]): string {
  return parties.length === 1 ? 'may need more' : 'may need more, since some of these may count for the same party'
}

function joined(all: readonly Words[], between: string): Word[] {
  return all.flatMap((words, i): Words => (i === 0 ? words : [between, ...words]))
}
