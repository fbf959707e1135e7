import type pg from 'pg'
import type { DraftStore } from '../../ports/drafts.ts'
import { draftIn, draftRow, mostDrafts } from '../draft-body.ts'
import { asWritten } from '../kept.ts'
import { type On, statement, writing } from './statements.ts'
import { allOrNothing, type Transactions } from './transaction.ts'

type Tools = { readonly pool: pg.Pool; readonly lightly: Transactions['lightly'] }

/** Forms that are open in Slack: a modal carries only its draft's id. */
export function rememberedForms({ pool, lightly }: Tools): DraftStore {
  return {
    startDraft: async (draft, savedAt) => lightly((on) => write(on, start, { ...draftRow(draft), savedAt })),

    saveDraft: async (draft, savedAt) => allOrNothing(pool, (on) => write(on, save, { ...draftRow(draft), savedAt })),

    draft: async (id) => {
      const [found] = await find(pool, id)
      return found ? draftIn(found) : null
    },

    forgetDrafts: async (at) => {
      await forgetOld(pool, at)
      await forgetBeyond(pool)
    },
  }
}

type Row = ReturnType<typeof draftRow> & { readonly savedAt: string }
type Kept = { readonly body: string; readonly savedAt: string }

const insert = `
  insert into drafts (id, person, stack, token_uid, body, saved_at) values ($1, $2, $3, $4, $5, $6)`
const kept = 'returning body, saved_at as "savedAt"'
const start = statement<Kept>('draft-start', `${insert} ${kept}`)
/** `excluded.saved` is the next number, as for a new row. */
const save = statement<Kept>(
  'draft-save',
  `${insert}
   on conflict (id) do update set body = excluded.body, saved_at = excluded.saved_at, saved = excluded.saved ${kept}`,
)
const find = statement<ReturnType<typeof draftRow>>(
  'draft',
  'select id, person, stack, token_uid as "tokenUid", body from drafts where id = $1',
)
const forgetOld = writing('drafts-old', 'delete from drafts where saved_at < $1')
const forgetBeyond = writing(
  'drafts-beyond',
  `delete from drafts where id in (
     select id from (select id, row_number() over (partition by person order by saved desc) as n from drafts) numbered
     where n > ${mostDrafts}
   )`,
)

async function write(on: On, put: typeof start, { id, person, stack, tokenUid, body, savedAt }: Row): Promise<void> {
  const [found] = await put(on, id, person, stack, tokenUid, body, savedAt)
  asWritten(found && [found.body, found.savedAt], [body, savedAt])
}
