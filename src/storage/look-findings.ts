import type { Fact } from '../domain/audit/fact.ts'
import type { Change } from '../domain/change/change.ts'
import type { LastLeft } from '../domain/looks/last-left.ts'
import { outsideEdit } from '../domain/looks/outside-edit.ts'
import { isStale, oldestShown } from '../domain/looks/stale-look.ts'
import type { Settings, Token } from '../domain/token/token.ts'
import type { AsToken, Known } from './token-rows.ts'

type Clock = {
  now(): Date
  latest(): Date | null
  earliestAfter(noted: string): Date
  asUnset(at: string): string
}

type Edit = { readonly before: Settings; readonly after: Settings }

/** Where to find what the judgement of a look depends on; asked only for a token that differs from what is known. */
type Around = {
  readonly found: Known | undefined
  /** When the last look at the whole stack was over, if this process has had one. */
  readonly wholeLook: string | undefined
  /** Somebody may have deleted the row of a token: the app still knows what it left there or noted of it. */
  left(): LastLeft | null
  /** Changes that may have moved it recently. */
  recent(): readonly Change[]
  /** Its newest edits noted as made elsewhere after this instant (ISO). */
  editsSince(since: string): readonly Edit[]
  /** Tells if, by the log, `other` ended after `change` was last started to be applied. */
  isLater(other: Change, change: Change): boolean
}

/** The result of a look at one token. */
type Finding = {
  /** False for a token older than what is known of it. */
  readonly believed: boolean
  /** To be logged. */
  readonly edit: Extract<Fact, { type: 'outside_edit' }> | null
  /** The part of the token to be saved. */
  readonly save: 'all' | 'time' | 'nothing'
}

/** True if a look shows the token just as it is known, by its text. */
export function isAsKnown({ settings, editedAt }: Pick<Known, 'settings' | 'editedAt'>, live: Token): boolean {
  return JSON.stringify(live.settings) === settings && (live.edited?.at ?? null) === editedAt
}

/** Judges looks by what is known, by changes and by the log. */
export function prepareFindings({ clock, asToken }: { readonly clock: Clock; readonly asToken: AsToken }) {
  const at = () => clock.now().toISOString()
  return { findingOf }

  /**
   * Of two looks, either may have seen the older token unless one ended before the other began: such a token is not
   * saved, though nothing contradicts it. `began`: when the look began (an ISO instant).
   */
  function findingOf(token: Token, began: string, around: Around): Finding {
    const { found } = around
    const before = found ? settingsOf(found, token.settings) : null
    // An unreadable one counts as unknown.
    const known = before && found
    const last = known ? { ...known, before } : asKnown(around.left())
    const moved = last && movedFrom(last, token, around)
    if (moved?.isStale()) return { believed: false, edit: null, save: 'nothing' }
    const since = known ? [known.seenAt, known.missingSince, known.goneAt] : [around.wholeLook, last?.seenAt]
    if (began < newestUntil(at(), since)) return { believed: true, edit: null, save: 'nothing' }
    const isSame = known && moved === null && known.goneAt === null && known.editedBy === (token.edited?.by ?? null)
    return { believed: true, edit: moved?.outsideEdit() ?? null, save: isSame ? 'time' : 'all' }
  }

  function settingsOf(known: Known, live: Settings): Settings | null {
    return known.settings === JSON.stringify(live) ? live : (asToken(known)?.settings ?? null)
  }

  /** The meaning of a token that differs from what is known; null if it doesn't. */
  function movedFrom(known: LastKnown, token: Token, { isLater, editsSince, ...around }: Around) {
    if (isAsKnown(known, token)) return null
    const { stack, uid: tokenUid, settings: live, edited } = token
    const editedAt = edited?.at ?? null
    const { before } = known
    const recent = around.recent()
    return {
      isStale: () => {
        const asKnown = { settings: before, editedAt: known.editedAt, seenAt: known.seenAt }
        const [at, latest] = [clock.earliestAfter(known.seenAt), clock.latest()]
        const edits = () => editsSince(oldestShown(at.toISOString()))
        return isStale({ settings: live, editedAt }, asKnown, { recent, edits, at, latest })
      },
      outsideEdit: () => {
        const since = newestUntil(at(), [known.seenAt])
        const oldest = oldestShown(clock.asUnset(since))
        const found = outsideEdit(recent, { before, live, since, oldest, editedAt }, isLater)
        return found && ({ type: 'outside_edit', stack, tokenUid, ...found, by: edited?.by ?? null, editedAt } as const)
      },
    }
  }
}

/** A token as it is known, from whatever source. */
type LastKnown = Pick<Known, 'settings' | 'editedAt' | 'seenAt'> & { readonly before: Settings }

function asKnown(left: LastLeft | null): LastKnown | null {
  return left && { ...left, settings: JSON.stringify(left.settings), before: left.settings }
}

/** The newest of these instants that is past: a later one is from before the clock was set back, and says nothing. */
function newestUntil(now: string, instants: readonly (string | null | undefined)[]): string {
  const past = instants.map((one) => one ?? '').filter((one) => one <= now)
  return past.sort().at(-1) ?? ''
}
