import type Sqlite from 'better-sqlite3'
import { eq, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { reverts } from '../../domain/change/reverts.ts'
import { settings } from '../../domain/token/token.ts'
import type { DraftStore } from '../../ports/drafts.ts'
import { asWritten, oneRow } from '../kept.ts'
import { type Database, withoutDisk } from './database.ts'
import { drafts } from './schema.ts'
import { preparedWhenUsed } from './when-used.ts'

const body = z.object({
  before: settings,
  form: z.unknown(),
  /** Missing from forms of 0.2.0, which showed all of it. */
  shown: z.unknown().default(null),
  /** Missing from forms saved before parts were redrawn one by one. */
  afresh: z.record(z.string(), z.number().int()).default({}),
  /** Missing from forms saved before open changes could be edited. */
  change: z.object({ id: z.number().int(), revision: z.number().int() }).nullable().default(null),
  reverts: reverts.nullable().default(null),
})

/** Nobody has this many forms open: whoever opens more loses the oldest, and is told so when they send it. */
export const mostDrafts = 100
/** In the order they were saved, whatever the clock showed: see `saveDraft`. */
const numbered = sql`select id, row_number() over (partition by person order by rowid desc) as n from ${drafts}`

/** Forms that are open in Slack: a modal carries only its draft's id. */
export function rememberedForms(db: Database): DraftStore {
  let start: ReturnType<typeof prepareStart> | undefined
  const sqlite = preparedWhenUsed(db.$client)
  const putLast = sqlite.prepare('update "drafts" set "rowid" = (select max(rowid) + 1 from drafts) where id = ?')
  const find = sqlite.prepare('select body, saved_at from drafts where id = ?').raw() as Found
  return {
    startDraft: async ({ id, person, stack, tokenUid, ...rest }, savedAt) => {
      const row = { id, person, stack, tokenUid, body: JSON.stringify(body.parse(rest)), savedAt }
      start ??= prepareStart(db)
      const put = start
      withoutDisk(db.$client, () => kept(() => put.run(row), row))
    },

    saveDraft: async ({ id, person, stack, tokenUid, ...rest }, savedAt) => {
      const saved = { body: JSON.stringify(body.parse(rest)), savedAt }
      const put = db
        .insert(drafts)
        .values({ id, person, stack, tokenUid, ...saved })
        .onConflictDoUpdate({ target: drafts.id, set: saved })
      const putAndLast = () => {
        put.run()
        return putLast.run(id)
      }
      kept(putAndLast, { id, ...saved })
    },

    draft: async (id) => {
      const found = db.select().from(drafts).where(eq(drafts.id, id)).get()
      if (!found) return null
      const { person, stack, tokenUid } = found
      return { id, person, stack, tokenUid, ...body.parse(JSON.parse(found.body)) }
    },

    forgetDrafts: async (at) => {
      db.delete(drafts).where(lt(drafts.savedAt, at)).run()
      db.delete(drafts).where(sql`${drafts.id} in (select id from (${numbered}) where n > ${mostDrafts})`).run()
    },
  }

  function kept(
    write: () => Sqlite.RunResult,
    { id, body, savedAt }: { id: string; body: string; savedAt: string },
  ): void {
    db.$client.transaction(() => {
      oneRow(write())
      asWritten(find.get(id), [body, savedAt])
    })()
  }
}

type Found = Sqlite.Statement<[string], [body: string, savedAt: string]>

/** Prepared once, since opening a form is the most frequent write. */
function prepareStart(db: Database) {
  const place = sql.placeholder
  const of = { person: place('person'), stack: place('stack'), tokenUid: place('tokenUid') }
  const row = { id: place('id'), ...of, body: place('body'), savedAt: place('savedAt') }
  return db.insert(drafts).values(row).prepare()
}
