import type Sqlite from 'better-sqlite3'
import { eq, lt, sql } from 'drizzle-orm'
import type { DraftStore } from '../../ports/drafts.ts'
import { draftIn, draftRow, mostDrafts } from '../draft-body.ts'
import { asWritten, oneRow } from '../kept.ts'
import { type Database, withoutDisk } from './database.ts'
import { drafts } from './schema.ts'
import { preparedWhenUsed } from './when-used.ts'

/** In the order they were saved, whatever the clock showed: see `saveDraft`. */
const numbered = sql`select id, row_number() over (partition by person order by rowid desc) as n from ${drafts}`

/** Forms that are open in Slack: a modal carries only its draft's id. */
export function rememberedForms(db: Database): DraftStore {
  let start: ReturnType<typeof prepareStart> | undefined
  const sqlite = preparedWhenUsed(db.$client)
  const putLast = sqlite.prepare('update "drafts" set "rowid" = (select max(rowid) + 1 from drafts) where id = ?')
  const find = sqlite.prepare('select body, saved_at from drafts where id = ?').raw() as Found
  return {
    startDraft: async (draft, savedAt) => {
      const row = { ...draftRow(draft), savedAt }
      start ??= prepareStart(db)
      const put = start
      withoutDisk(db.$client, () => kept(() => put.run(row), row))
    },

    saveDraft: async (draft, savedAt) => {
      const row = draftRow(draft)
      const { id } = row
      const saved = { body: row.body, savedAt }
      const put = db
        .insert(drafts)
        .values({ ...row, savedAt })
        .onConflictDoUpdate({ target: drafts.id, set: saved })
      const putAndLast = () => {
        put.run()
        return putLast.run(id)
      }
      kept(putAndLast, { id, ...saved })
    },

    draft: async (id) => {
      const found = db.select().from(drafts).where(eq(drafts.id, id)).get()
      return found ? draftIn(found) : null
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
