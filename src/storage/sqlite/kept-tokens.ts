import type Sqlite from 'better-sqlite3'
import type { Breathe } from '../../breathe.ts'
import type { GoneToken } from '../../ports/looks.ts'
import type { AsToken } from '../token-rows.ts'
import { preparedWhenUsed } from './when-used.ts'

type Row = Parameters<AsToken>[0] & { readonly goneAt: string | null }
type Tools = {
  readonly sqlite: Sqlite.Database
  readonly asToken: AsToken
  readonly breathe: Breathe
}

/** Rows read in one go. */
const atOnce = 100

/**
 * All known tokens that can be read, and those that are gone. Each list is read once until somebody writes another
 * token, since each command asks for them and they seldom change. Until then the very same list is returned, so that
 * callers can cache what they derive from it. Code here that changes a token calls `areOthers`; SQLite's own count
 * shows what another process writes.
 */
export function keptTokens({ asToken, breathe, ...tools }: Tools) {
  const sqlite = preparedWhenUsed(tools.sqlite)
  const othersVersion = sqlite.prepare<[], number>('pragma data_version').pluck()
  let ourVersion = 0
  return {
    known: keptList('gone_at is null', asToken),
    gone: keptList('gone_at is not null', asGone),
    areOthers: () => void ourVersion++,
  }

  function keptList<T>(which: string, asItem: (row: Row) => T | null): () => Promise<readonly T[]> {
    let kept: { readonly as: string; readonly items: Promise<readonly T[]> } | null = null
    const read = prepareRead(which, asItem)
    return () => {
      const as = version()
      if (kept?.as === as) return kept.items
      const reading = { as, items: read() }
      kept = reading
      // A failure is not cached.
      reading.items.catch(() => {
        if (kept === reading) kept = null
      })
      return reading.items
    }
  }

  function prepareRead<T>(which: string, asItem: (row: Row) => T | null): () => Promise<T[]> {
    const next = sqlite.prepare<[string, string, number], Row>(`
      select stack, uid, settings, gone_at as goneAt from tokens
      where ${which} and (stack, uid) > (?, ?) order by stack, uid limit ?
    `)
    return async () => {
      const items: T[] = []
      for (let last = { stack: '', uid: '' }; ; await breathe()) {
        const rows = next.all(last.stack, last.uid, atOnce)
        items.push(...rows.flatMap((row) => asItem(row) ?? []))
        if (rows.length < atOnce) return items
        last = rows.at(-1)!
      }
    }
  }

  function asGone(row: Row): GoneToken | null {
    const token = asToken(row)
    return token && { ...token, goneAt: row.goneAt! }
  }

  function version(): string {
    return `${ourVersion} ${othersVersion.get()}`
  }
}
