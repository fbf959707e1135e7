import { isOrphaned } from '../domain/change/askers.ts'
import { asideBecause, type Change } from '../domain/change/change.ts'
import { unseenOf } from '../domain/change/status.ts'
import { distinct, distinctInList } from '../domain/look-alikes.ts'
import { type Deed, deedsOf, isLonger, takesAway } from '../domain/policy/deeds.ts'
import type { Judged } from '../domain/policy/widening.ts'
import { inUtc } from './instants.ts'
import { shortLine } from './text.ts'
import { endInWords } from './which-token.ts'
import { enumerated, type Word, type Words } from './words.ts'

const widens = 'Widens '

/** Names in one sentence. */
export const mostNamesInHeadline = 3
/** A name is at most 50 characters long; spelled out, hostile ones are longer. */
const mostOfName = 60

/**
 * The first thing that anybody reads of a change, also in a notification: what came of it, once something has, and what
 * it does to which token. `Widens ci-deploy: write on assets, and 2 more`, `Rejected by @bob: renames ci-deploy to ci`.
 * `uidEnd`: see `Which`.
 */
export function headline(change: Change, uidEnd: string | null = null): Words {
  const outcome = outcomeOf(change)
  const does = whatItDoes(change, uidEnd)
  return [...outcome, ...(outcome.length === 0 ? does : lowered(does))]
}

/** The most serious thing that an edit does, and to which token; and if it also takes something away. */
export function whatItDoes(edit: Judged, uidEnd: string | null = null): Words {
  const [first, ...more] = deedsOf(edit)
  const token = [nameOf(edit.before.name), ...endInWords(uidEnd)]
  if (first === undefined) return [{ strong: 'Changes nothing on ' }, ...token]
  return [...firstInWords(first, more, token), ...restInWords(first, more)]
}

/** The first words of a headline, by the deeds of its edit: `Widens`, `Widens and narrows`. */
export function verbOf([deed, ...more]: readonly [Deed, ...Deed[]]): string {
  const [first] = firstInWords(deed, more, [])
  return typeof first === 'object' && 'strong' in first ? first.strong.trim() : ''
}

/** `and 1 more` must not read as one more of the same if it is a loss. */
function firstInWords(deed: Deed, more: readonly Deed[], token: Words): Words {
  const words = inWords(deed, token)
  return isWidening(words) && more.some(takesAway) ? [{ strong: 'Widens and narrows ' }, ...words.slice(1)] : words
}

function isWidening([first]: Words): boolean {
  return typeof first === 'object' && 'strong' in first && first.strong === widens
}

function restInWords(deed: Deed, more: readonly Deed[]): Words {
  if (more.length === 0) return []
  const rest = `, and ${more.length} more`
  const lost = more.filter(takesAway).length
  if (lost === 0 || takesAway(deed) || isWidening(inWords(deed, []))) return [rest]
  if (lost < more.length) return [`${rest}, ${lost} of which ${lost === 1 ? 'narrows' : 'narrow'} it`]
  return [more.length === 1 ? ', and narrows it' : `${rest} that narrow it`]
}

function outcomeOf(change: Change): Words {
  if (asideBecause(change) !== null) return [{ strong: 'Set aside' }, ': ']
  switch (change.status) {
    case 'pending':
      return isOrphaned(change) ? [{ strong: 'Waits to be taken over' }, ': '] : []
    case 'approved':
      return [{ strong: change.interruption === null ? 'Approved' : 'Approved, not applied yet' }, ': ']
    case 'applying':
      return [
        { strong: unseenOf(change) === null ? 'Approved, applying' : 'Approved, not seen on the token yet' },
        ': ',
      ]
    case 'applied':
      return [{ strong: change.written ? 'Applied' : 'Ended, the token was already like this' }, ': ']
    case 'failed':
      return [{ strong: 'Failed' }, ': ']
    case 'drifted':
      return [{ strong: 'Stopped' }, ': ']
    case 'rejected':
      return [{ strong: 'Rejected by ' }, { person: change.rejectedBy }, ': ']
    case 'cancelled':
      return [{ strong: 'Cancelled by ' }, { person: change.cancelledBy }, ': ']
    case 'expired':
      return [{ strong: 'Expired' }, ': ']
  }
}

function inWords(deed: Deed, token: Words): Words {
  switch (deed.kind) {
    case 'access':
      return accessInWords(deed, token)
    case 'scope':
      return scopeInWords(deed, token)
    case 'branch limits':
      return [{ strong: deed.named ? 'Adds the first branches to ' : 'Removes the last branches from ' }, ...token]
    case 'expiry':
      return expiryInWords(deed, token)
    case 'rate':
      return rateInWords(deed, token)
    case 'other':
      return [{ strong: 'Changes ' }, ...token, ' in a way that Countersign does not understand']
    case 'name':
      return [{ strong: 'Renames ' }, ...token, ' to ', nameOf(deed.to)]
    case 'field':
      return [{ strong: 'Changes ' }, ...token, `: ${deed.label}`]
  }
}

/** Beside something that is not understood, nobody can say what more or less access means. */
function accessInWords({ does, what }: Extract<Deed, { kind: 'access' }>, token: Words): Words {
  switch (does) {
    case 'gains':
      return [{ strong: widens }, ...token, `: ${what}`]
    case 'loses':
      return [{ strong: 'Narrows ' }, ...token, `: loses ${what}`]
    default:
      return [{ strong: 'May widen or narrow ' }, ...token, `: ${does} ${what}`]
  }
}

const scopeVerbs = {
  reaches: widens,
  'no longer reaches': 'Narrows ',
  names: 'Changes ',
  'also names': 'Changes ',
  'no longer names': 'Changes ',
} as const

function scopeInWords({ does, what, names }: Extract<Deed, { kind: 'scope' }>, token: Words): Words {
  const list = enumerated(
    names.map((name): Words => [{ said: shortLine(distinctInList(name), mostOfName) }]),
    mostNamesInHeadline,
  )
  return [{ strong: scopeVerbs[does] }, ...token, `: ${does === 'reaches' ? '' : `${does} `}${what} `, ...list]
}

function expiryInWords(deed: Extract<Deed, { kind: 'expiry' }>, token: Words): Words {
  const { before, after, revives } = deed
  if (revives) return [{ strong: 'Makes ' }, ...token, { strong: ' work again' }, `, ${untilInWords(after)}`]
  if (after === null) return [{ strong: 'Removes the expiry of ' }, ...token]
  if (before === null) return [{ strong: 'Sets an expiry for ' }, ...token, `: ${dayInWords(after)}`]
  return [{ strong: isLonger(deed) ? 'Extends ' : 'Shortens ' }, ...token, ` to ${dayInWords(after)}`]
}

function untilInWords(after: number | null): string {
  return after === null ? 'with no expiry' : `until ${dayInWords(after)}`
}

/** `31 Jan 2027`, as an expiry is meant: by the day in UTC, with the time unless it is the start of the day. */
function dayInWords(instant: number): string {
  const iso = new Date(instant).toISOString()
  if (!/T00:00:00/.test(iso)) return inUtc(iso)
  const [, day, month, year] = new Date(instant).toUTCString().split(' ')
  return `${Number(day)} ${month} ${year}`
}

function rateInWords({ of, before, after }: Extract<Deed, { kind: 'rate' }>, token: Words): Words {
  const to = Number.isFinite(after) ? `${after} a second` : "the organisation's"
  return [{ strong: after > before ? 'Raises ' : 'Lowers ' }, `the ${of} limit of `, ...token, ` to ${to}`]
}

function nameOf(name: string): Word {
  return { said: shortLine(distinct(name), mostOfName) }
}

/** `Renames` in the middle of a sentence. */
function lowered([first, ...rest]: Words): Words {
  if (first === undefined || typeof first === 'string' || !('strong' in first)) return [first ?? '', ...rest]
  return [first.strong.charAt(0).toLowerCase() + first.strong.slice(1), ...rest]
}
