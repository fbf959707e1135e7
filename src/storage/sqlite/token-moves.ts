import type { Change } from '../../domain/change/change.ts'
import { lastLeft } from '../../domain/looks/last-left.ts'
import { outsideEdit } from '../../domain/looks/outside-edit.ts'
import { isStale, oldestShown } from '../../domain/looks/stale-look.ts'
import type { Settings, Token } from '../../domain/token/token.ts'
import type { TokenRef } from '../../ports/changes.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import type { Entry } from './audit.ts'
import type { ChangeRows } from './change-rows.ts'
import type { Database } from './database.ts'
import { prepareLogOrder } from './log-order.ts'
import { prepareLastEdit, recentEdits } from './past.ts'
import type { Known } from './token-rows.ts'

type Tools = {
  readonly db: Database
  readonly changes: ChangeRows
  readonly read: ReadsChanges
  readonly append: (entry: Entry) => unknown
  readonly clock: SteadyClock
  readonly readRow: ReadRow
}

/** Finds what may have moved a token, by changes and by the log. */
export function prepareTokenMoves({ db, changes, read, append, clock, readRow }: Tools) {
  const isLater = prepareLogOrder(db)
  const lastEdit = prepareLastEdit(db, readRow)
  const at = () => clock.now().toISOString()
  return { byTheLog, movedFrom }

  /** Somebody may have deleted the row of a token: the app still knows what it left there or noted of it. */
  function byTheLog(of: TokenRef): LastKnown | null {
    const edit = lastEdit(of)
    const left = lastLeft(lastApplied(of), edit && { ...edit, ...edit.fact })
    return left && { ...left, settings: JSON.stringify(left.settings), before: left.settings }
  }

  /** The meaning of a token that differs from what is known; null if it doesn't. */
  function movedFrom(known: LastKnown, { stack, uid: tokenUid, settings: live, edited }: Token) {
    const editedAt = edited?.at ?? null
    if (JSON.stringify(live) === known.settings && editedAt === known.editedAt) return null
    const { before } = known
    const recent = ofToken({ stack, tokenUid })
    return {
      isStale: () => {
        const asKnown = { settings: before, editedAt: known.editedAt, seenAt: known.seenAt }
        const [at, latest] = [clock.earliestAfter(known.seenAt), clock.latest()]
        const edits = () => recentEdits(db, { stack, tokenUid }, oldestShown(at.toISOString()), readRow)
        return isStale({ settings: live, editedAt }, asKnown, { recent, edits, at, latest })
      },
      noteOutsideEdit: () => {
        const since = newestUntil(at(), [known.seenAt])
        const oldest = oldestShown(clock.asUnset(since))
        const found = outsideEdit(recent, { before, live, since, oldest, editedAt }, isLater)
        if (found === null) return
        const fact = { type: 'outside_edit', stack, tokenUid, ...found, by: edited?.by ?? null, editedAt } as const
        append({ event: fact, actor: 'app', changeId: null, at: at() })
      },
    }
  }

  /** Changes that may have moved it recently. */
  function ofToken({ stack, tokenUid }: TokenRef): Change[] {
    const any = { stack, tokenUid, id: 0 }
    return [...changes.beside(any), ...changes.recent(any)].flatMap((row) => read.readable(row) ?? [])
  }

  /** The last change that was applied to it, with its place in the log. */
  function lastApplied(of: TokenRef): { seq: number; change: Change } | null {
    const row = changes.recent({ ...of, id: 0 }).find(({ status }) => status === 'applied')
    const change = row && read.readable(row)
    return row && change ? { seq: row.seq, change } : null
  }
}

/** A token as it is known, from whatever source. */
type LastKnown = Pick<Known, 'settings' | 'editedAt' | 'seenAt'> & { readonly before: Settings }

/** The newest of these instants that is past: a later one is from before the clock was set back, and says nothing. */
export function newestUntil(now: string, instants: readonly (string | null | undefined)[]): string {
  const past = instants.map((one) => one ?? '').filter((one) => one <= now)
  return past.sort().at(-1) ?? ''
}
