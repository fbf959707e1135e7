import type Sqlite from 'better-sqlite3'
import { asWritten, oneRow } from '../kept.ts'
import type { Known, Seen } from '../token-rows.ts'
import { preparedWhenUsed } from './when-used.ts'

/** The rows of tokens. In SQL and prepared once, since a look reads and writes thousands of them. */
export function prepareTokenRows(client: Sqlite.Database) {
  const sqlite = preparedWhenUsed(client)
  const find = sqlite.prepare<[string, string], Known>(`
    select stack, uid, settings, seen_at as seenAt, edited_at as editedAt, edited_by as editedBy,
      missing_since as missingSince, gone_at as goneAt
    from tokens where stack = ? and uid = ?
  `)
  const put = sqlite.prepare(`
    insert into "tokens" (stack, uid, settings, seen_at, edited_at, edited_by, missing_since, gone_at)
    values (@stack, @uid, @settings, @seenAt, @editedAt, @editedBy, null, null)
    on conflict (stack, uid) do update
    set settings = @settings, seen_at = @seenAt, edited_at = @editedAt, edited_by = @editedBy,
      missing_since = null, gone_at = null
  `)
  const seenAgain = sqlite.prepare('update tokens set seen_at = ?, missing_since = null where stack = ? and uid = ?')
  const seenUnchanged = sqlite.prepare(`
    update tokens set seen_at = @at
    where stack = @stack and uid = @uid and settings = @settings and edited_at is @editedAt and edited_by is @editedBy
      and missing_since is null and gone_at is null and seen_at <= @began
  `)
  const unseen = sqlite
    .prepare<[string, string], string>(`
      select uid from tokens where stack = ? and seen_at <= ? and gone_at is null order by missing_since, uid
    `)
    .pluck()
  const missing = sqlite.prepare(
    'update tokens set missing_since = coalesce(missing_since, ?) where stack = ? and uid = ?',
  )

  return {
    find: (stack: string, uid: string): Known | undefined => find.get(stack, uid),
    /** Saves a token as just seen, over what was known of it. */
    put: (row: Omit<Known, 'missingSince' | 'goneAt'>): void => {
      oneRow(put.run(row))
      const { stack, uid, settings, seenAt, editedAt, editedBy } = row
      const kept = find.get(stack, uid)
      asWritten(kept && [kept.settings, kept.seenAt, kept.editedAt, kept.editedBy], [
        settings,
        seenAt,
        editedAt,
        editedBy,
      ])
    },
    /** Unchanged. */
    seenAgain: (stack: string, uid: string, at: string): void => void seenAgain.run(at, stack, uid),
    /**
     * The same in one statement, for a look begun at `began`; false, with nothing written, if what is known of the
     * token differs.
     */
    seenUnchanged: (row: Seen & { began: string; at: string }): boolean => seenUnchanged.run(row).changes > 0,
    /** Those that are not gone, starting with those that no list has lacked before. */
    notSeenSince: (stack: string, began: string): string[] => unseen.all(stack, began),
    isMissing: (stack: string, uid: string, at: string): void => void missing.run(at, stack, uid),
  }
}
