import type Sqlite from 'better-sqlite3'
import type { Breathe } from '../breathe.ts'
import type { Token } from '../domain/token.ts'
import type { AsToken } from './token-rows.ts'
import { preparedWhenUsed } from './when-used.ts'

type Row = Parameters<AsToken>[0]
type Tools = {
  readonly sqlite: Sqlite.Database
  readonly asToken: AsToken
  readonly breathe: Breathe
}

/** Rows that are read between two breaths. */
const atOnce = 100

/**
 * All known tokens that can be read, read once for as long as nobody writes another one: each command asks for them, while they seldom change.
 * The very same list is returned until then, so that what is made of it can be kept too. `areOthers` is called by whoever
 * changes one here; what another process writes is seen by SQLite's own count.
 */
export function keptTokens({ asToken, breathe, ...tools }: Tools) {
  const sqlite = preparedWhenUsed(tools.sqlite)
  const next = sqlite.prepare<[string, string, number], Row>(`
    select stack, uid, settings from tokens
    where gone_at is null and (stack, uid) > (?, ?) order by stack, uid limit ?
  `)
  const othersVersion = sqlite.prepare<[], number>('pragma data_version').pluck()
  let ourVersion = 0
  let kept: { readonly as: string; readonly tokens: Promise<readonly Token[]> } | null = null

  return { all, areOthers: () => void ourVersion++ }

  function all(): Promise<readonly Token[]> {
    const as = version()
    if (kept?.as === as) return kept.tokens
    const reading = { as, tokens: read() }
    kept = reading
    // A failure is not kept.
    reading.tokens.catch(() => {
      if (kept === reading) kept = null
    })
    return reading.tokens
  }

  function version(): string {
    return `${ourVersion} ${othersVersion.get()}`
  }

  async function read(): Promise<Token[]> {
    const tokens: Token[] = []
    for (let last = { stack: '', uid: '' }; ; await breathe()) {
      const rows = next.all(last.stack, last.uid, atOnce)
      tokens.push(...rows.flatMap((row) => asToken(row) ?? []))
      if (rows.length < atOnce) return tokens
      last = rows.at(-1)!
    }
  }
}
