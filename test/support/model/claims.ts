import type { Change } from '../../../src/domain/change/change.ts'
import { diff } from '../../../src/domain/token/diff.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import type { Update, Version } from './stack.ts'

/** The truth: the updates of one change, the versions of its token, and since which of them it has asked for this. */
export type Truth = {
  readonly change: Change
  readonly updates: readonly Update[]
  readonly versions: readonly Version[]
  readonly since: number
  /** The edits that a change asks for, in this and each earlier revision. */
  readonly revisionsOf: (id: number) => readonly Edit[]
}

export type Edit = { readonly before: Settings; readonly after: Settings }

type Claim = { readonly says: RegExp; readonly isTrue: (truth: Truth, said: RegExpExecArray) => boolean }

/** Every claim that a text can make about what was done to a token, and when it is true. */
const claims: readonly Claim[] = [
  {
    says: /nothing was (written|sent)|wrote nothing/,
    isTrue: ({ updates }) => updates.every(({ state }) => state === 'lost'),
  },
  { says: /nothing was overwritten/, isTrue: ({ updates }) => updates.every(({ state }) => state !== 'landed') },
  { says: /[Aa]n update was sent|sent an update(?!, or was about)/, isTrue: ({ updates }) => updates.length > 0 },
  { says: /was applied|found it applied|What was written/, isTrue: wasApplied },
  {
    says: /the stack (said|answered) that it took/,
    isTrue: ({ updates }) => updates.some(({ answer }) => answer === 'taken'),
  },
  { says: /no look ha[sd]/, isTrue: ({ updates }) => updates.some(({ answer }) => answer === 'taken') },
  {
    says: /an update of an earlier revision(?! may have been sent)/,
    isTrue: ({ change, updates }) => updates.some(({ after }) => diff(after, change.after).length > 0),
  },
  {
    says: /an update of an earlier revision may have been sent/,
    isTrue: ({ change, revisionsOf }) =>
      revisionsOf(change.id).some(({ after }) => diff(after, change.after).length > 0),
  },
  { says: /was sent [^;]*, and a look showed what it asked for/, isTrue: wasFound },
  {
    says: /may have been sent [^;]*, and a look showed what it asked for|found on the token what the update .* should write/,
    isTrue: ({ change, revisionsOf, versions }) => revisionsOf(change.id).some((edit) => wasOn(edit, versions)),
  },
  { says: /but the stack keeps some of it differently/, isTrue: (truth) => landings(truth).some(isOtherwise) },
  {
    says: /but some of it is not as asked for/,
    isTrue: ({ change, versions, since }) =>
      versions.slice(since).some(({ settings }) => diff(change.after, settings).length > 0),
  },
  { says: /kept the old value of/, isTrue: (truth) => landings(truth).some(isOtherwise) },
  { says: /a look shows the old value of/, isTrue: (truth) => landings(truth).some(isOtherwise) || wasMoved(truth) },
  {
    says: /(?<!onto what had been )changed ((?:by|as) [^;.]* and )?elsewhere((?:, or [^;.,]*(?:, #\d+)*)*)/,
    isTrue: wasMovedElsewhere,
  },
  {
    says: /onto what had been changed ((?:by|as) [^;.]* and )?elsewhere((?:, or [^;.,]*(?:, #\d+)*)*)/,
    isTrue: (truth, said) => wasMovedElsewhere({ ...truth, since: 1 }, said),
  },
  { says: /changed by (#\d+(?:, #\d+)*)/, isTrue: movedByThese },
  { says: /(?:changed|and) as (#\d+(?:, #\d+)*) asked/, isTrue: movedAsTheseAsked },
]

/** A claim of the text that was not true; null if there is none. */
export function untrueIn(text: string, truth: Truth): string | null {
  for (const { says, isTrue } of claims) {
    const said = says.exec(text)
    if (said && !isTrue(truth, said)) return said[0]
  }
  return null
}

/** True if the token is as an update of this change has made it, and shows everything that was asked for. */
export function isStillThere({ change, versions }: Pick<Truth, 'change' | 'versions'>): boolean {
  const { by, settings } = versions.at(-1)!
  return isUpdate(by) && by.change === change.id && showsAllOf({ before: by.over, after: by.after }, settings)
}

/** True if an unanswered update asked for what somebody had put on the token by hand. */
export function wasMadeByHand({ answer, over, after }: Update, versions: readonly Version[]): boolean {
  const isByHand = ({ by, settings }: Version) => by === 'hand' && showsAllOf({ before: over, after }, settings)
  return answer !== 'taken' && versions.some(isByHand)
}

/**
 * True if nothing is left of what an unanswered update asked for, since somebody overwrote it by hand next: the rest of
 * the update may be somebody's edit too.
 */
export function wasHiddenByHand(update: Update, versions: readonly Version[]): boolean {
  const next = versions[versions.findIndex(({ by }) => by === update) + 1]
  if (update.answer === 'taken' || next?.by !== 'hand') return false
  const asked = diff(update.over, update.after).map(({ key }) => key)
  const left = new Set(diff(update.after, next.settings).map(({ key }) => key))
  return asked.every((key) => left.has(key))
}

/** The versions that updates of this change have made. */
function landings({ change, versions }: Truth): Version[] {
  return versions.filter(({ by }) => isUpdate(by) && by.change === change.id)
}

function isUpdate(by: Version['by']): by is Update {
  return by !== null && by !== 'hand'
}

/** The stack did not keep exactly what was sent last. */
function isOtherwise({ settings, by }: Version): boolean {
  return isUpdate(by) && diff(by.after, settings).length > 0
}

/** To the letter or not, depending on the text. */
function wasApplied(truth: Truth, { input }: RegExpExecArray): boolean {
  const isToTheLetter = !/but (the stack keeps some of it differently|some of it is not as asked for)/.test(input)
  return isOnToken(truth) || (!isToTheLetter && landings(truth).some(isOtherwise))
}

function isOnToken({ change, versions }: Truth): boolean {
  return wasOn(change, versions)
}

function wasFound({ updates, versions }: Truth): boolean {
  return updates.some(({ over, after }) => wasOn({ before: over, after }, versions))
}

function wasOn(edit: Edit, versions: readonly Version[]): boolean {
  return versions.some(({ settings }) => showsAllOf(edit, settings))
}

/**
 * Ignores how the emulated stack may write a value: without spaces around it, in lower case, or at another time of the
 * same day.
 */
function showsAllOf({ before, after }: Edit, live: Settings): boolean {
  const asked = diff(before, after).map(({ key }) => key)
  const unlike = diff(plain(after), plain(live)).map(({ key }) => key)
  return asked.every((key) => !unlike.includes(key))
}

function plain(settings: Settings): Settings {
  const { name, description, expiresOn } = settings
  return { ...settings, name: text(name), description: text(description), expiresOn: expiresOn?.slice(0, 10) ?? null }
}

/** By somebody's hand since the requester saw it, or in another way that the text leaves open. */
function wasMovedElsewhere({ change, versions, since }: Truth, [, , open = '']: RegExpExecArray): boolean {
  const by = (id: number) => versions.some((version) => isUpdate(version.by) && version.by.change === id)
  return (
    versions.slice(since).some((version) => version.by === 'hand') ||
    (open.includes('showed it as it was earlier') && versions.length > 1) ||
    (open.includes('took what was sent only in part') && by(change.id)) ||
    [...open.matchAll(/#(\d+)/g)].some(([, id]) => by(Number(id)))
  )
}

/** By anybody, since the requester saw it. */
function wasMoved({ versions, since }: Truth): boolean {
  return versions.length > since
}

function text(written: string): string {
  return written.trim().toLowerCase()
}

function movedByThese({ change, versions }: Truth, [, numbers = '']: RegExpExecArray): boolean {
  const by = (id: number) => versions.some((version) => isUpdate(version.by) && version.by.change === id)
  return inList(numbers).every((id) => id !== change.id && by(id))
}

/** By an update, or by somebody's hand. */
function movedAsTheseAsked({ change, versions, revisionsOf }: Truth, [, numbers = '']: RegExpExecArray): boolean {
  return inList(numbers).every((id) => id !== change.id && revisionsOf(id).some((edit) => wasOn(edit, versions)))
}

function inList(numbers: string): number[] {
  return numbers.split(', ').map((number) => Number(number.slice(1)))
}
