import type { Breathe } from '../../breathe.ts'
import type { GoneToken } from '../../ports/looks.ts'
import type { AsToken } from '../token-rows.ts'
import { type On, statement } from './statements.ts'

type Row = Parameters<AsToken>[0] & { readonly goneAt: string | null }
type Print = { readonly print: string | null }
type Tools = { readonly on: On; readonly asToken: AsToken; readonly breathe: Breathe }

/** Rows turned into tokens in one go. */
const atOnce = 100

/**
 * All known tokens that can be read, and those that are gone: the very same lists until a token changes, so that callers
 * can cache what they derive from them. Other processes change tokens too, and time and again note when they saw them. So
 * each call asks the database for a print of what the list shows, which takes it some milliseconds for thousands of
 * tokens, and sends no token over. The list is read with its own print in one statement, so the two never differ.
 */
export function keptTokens({ on, asToken, breathe }: Tools) {
  return { known: keptList(known, asToken), gone: keptList(gone, asGone) }

  function keptList<T>(lists: Lists, asItem: (row: Row) => T | null): () => Promise<readonly T[]> {
    let kept: { as: string | null; readonly items: Promise<readonly T[]> } | null = null
    return async () => {
      const [{ print } = { print: null }] = await lists.print(on)
      if (kept?.as === print) return kept.items
      const rows = lists.rows(on)
      const reading = { as: print, items: rows.then((found) => itemsOf(found, asItem)) }
      kept = reading
      void rows.then(([first]) => {
        reading.as = first?.print ?? null
      }, passOver)
      // A failure is not cached.
      reading.items.catch(() => {
        if (kept === reading) kept = null
      })
      return reading.items
    }
  }

  async function itemsOf<T>(rows: readonly Row[], asItem: (row: Row) => T | null): Promise<readonly T[]> {
    const items: T[] = []
    for (let from = 0; from < rows.length; from += atOnce) {
      if (from > 0) await breathe()
      items.push(...rows.slice(from, from + atOnce).flatMap((row) => asItem(row) ?? []))
    }
    return items
  }

  function asGone(row: Row): GoneToken | null {
    const token = asToken(row)
    return token && { ...token, goneAt: row.goneAt! }
  }
}

/** Whoever asked for the list is told. */
function passOver(): void {}

type Lists = ReturnType<typeof lists>

/**
 * Each value is the seed of the next hash, so that a sum stays the same only if all rows do: `hash_record` adds the hashes of
 * a row up, and would not notice that two tokens swap their settings.
 */
const printOfRow = ['stack', 'uid', 'settings', "coalesce(gone_at, '')"].reduce(
  (seed, value) => `hashtextextended(${value}, ${seed})`,
  '0',
)

function lists(name: string, which: string) {
  const print = `select sum(${printOfRow})::text as print from tokens where ${which}`
  return {
    print: statement<Print>(`${name}-print`, print),
    rows: statement<Row & Print>(
      name,
      `select stack, uid, settings, gone_at as "goneAt", (${print}) as print
       from tokens where ${which} order by stack, uid`,
    ),
  }
}

const known = lists('tokens-known', 'gone_at is null')
const gone = lists('tokens-gone', 'gone_at is not null')
