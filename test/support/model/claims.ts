import type { Change } from '../../../src/domain/change/change.ts'
import { diff } from '../../../src/domain/token/diff.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import type { Update, Version } from './stack.ts'

/** What was so: the updates of one change, the versions of its token, and since which of them it asks for what it does. */
export type Truth = {
  readonly change: Change
  readonly updates: readonly Update[]
  readonly versions: readonly Version[]
  readonly since: number
  /** What a change asks for, and what each earlier revision of it did. */
  readonly revisionsOf: (id: number) => readonly Edit[]
}

export type Edit = { readonly before: Settings; readonly after: Settings }

type Claim = { readonly says: RegExp; readonly isTrue: (truth: Truth, said: RegExpExecArray) => boolean }

/** Each thing that a text can claim of what was done to a token, and when it is so. */
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
  { says: /was sent [^;]*, and the token was found as it asked/, isTrue: wasFound },
  {
    says: /may have been sent [^;]*, and the token was found as it asked|found on the token what the update .* was to write/,
    isTrue: ({ change, revisionsOf, versions }) => revisionsOf(change.id).some((edit) => wasOn(edit, versions)),
  },
  { says: /but the stack keeps some of it otherwise/, isTrue: (truth) => landings(truth).some(isOtherwise) },
  {
    says: /but the token has some of it otherwise/,
    isTrue: ({ change, versions, since }) =>
      versions.slice(since).some(({ settings }) => diff(change.after, settings).length > 0),
  },
  { says: /kept the old value of/, isTrue: (truth) => landings(truth).some(isOtherwise) },
  { says: /a look shows the old value of/, isTrue: (truth) => landings(truth).some(isOtherwise) || wasMoved(truth) },
  {
    says: /(?<!over what had been )changed ((?:by|as) [^;.]* and )?elsewhere((?:, or [^;.,]*(?:, #\d+)*)*)/,
    isTrue: wasMovedElsewhere,
  },
  {
    says: /over what had been changed ((?:by|as) [^;.]* and )?elsewhere((?:, or [^;.,]*(?:, #\d+)*)*)/,
    isTrue: (truth, said) => wasMovedElsewhere({ ...truth, since: 1 }, said),
  },
  { says: /changed by (#\d+(?:, #\d+)*)/, isTrue: movedByThese },
  { says: /(?:changed|and) as (#\d+(?:, #\d+)*) asked/, isTrue: movedAsTheseAsked },
]

/** What a text says that was not so; null when there is nothing. */
export function untrueIn(text: string, truth: Truth): string | null {
  for (const { says, isTrue } of claims) {
    const said = says.exec(text)
    if (said && !isTrue(truth, said)) return said[0]
  }
  return null
}

/** That the token is as an update of this change has made it, and shows all that was asked for. */
export function isStillThere({ change, versions }: Pick<Truth, 'change' | 'versions'>): boolean {
  const { by, settings } = versions.at(-1)!
  return isUpdate(by) && by.change === change.id && showsAllOf({ before: by.over, after: by.after }, settings)
}

/** True if an update that no answer told of asked for what was on the token by somebody's hand. */
export function wasMadeByHand({ answer, over, after }: Update, versions: readonly Version[]): boolean {
  const isByHand = ({ by, settings }: Version) => by === 'hand' && showsAllOf({ before: over, after }, settings)
  return answer !== 'taken' && versions.some(isByHand)
}

/**
 * True if an update that no answer told of left nothing of what it asked for, since somebody wrote over that next by hand: what it
 * carried along may be somebody's edit as well.
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

/** What was sent last is not what the stack made of it. */
function isOtherwise({ settings, by }: Version): boolean {
  return isUpdate(by) && diff(by.after, settings).length > 0
}

/** To the letter or not, as far as the text says so. */
function wasApplied(truth: Truth, { input }: RegExpExecArray): boolean {
  const isToTheLetter = !input.includes('some of it otherwise than asked for')
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

/** As the emulated stack may write it: without spaces around a text, in small letters, and with another time of the same day. */
function showsAllOf({ before, after }: Edit, live: Settings): boolean {
  const asked = diff(before, after).map(({ key }) => key)
  const unlike = diff(plain(after), plain(live)).map(({ key }) => key)
  return asked.every((key) => !unlike.includes(key))
}

function plain(settings: Settings): Settings {
  const { name, description, expiresOn } = settings
  return { ...settings, name: text(name), description: text(description), expiresOn: expiresOn?.slice(0, 10) ?? null }
}

/** By somebody's hand since the requester saw it, or by what else the text leaves open. */
function wasMovedElsewhere({ change, versions, since }: Truth, [, , open = '']: RegExpExecArray): boolean {
  const by = (id: number) => versions.some((version) => isUpdate(version.by) && version.by.change === id)
  return (
    versions.slice(since).some((version) => version.by === 'hand') ||
    (open.includes('showed it as it was earlier') && versions.length > 1) ||
    (open.includes('took what was sent only in part') && by(change.id)) ||
    [...open.matchAll(/#(\d+)/g)].some(([, id]) => by(Number(id)))
  )
}

/** Since the requester saw it: not by nobody. */
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
