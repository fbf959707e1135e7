import type pg from 'pg'
import type { HomeStore } from '../../ports/homes.ts'
import { asWritten } from '../kept.ts'
import { type HomeRow, shownHome } from '../shown-homes.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import { statement, writing } from './statements.ts'
import { allOrNothing } from './transaction.ts'

/** Remembers whose App Home is shown, so that it can be updated, after a restart too. */
export function rememberedHomes(pool: pg.Pool, readRow: ReadRow): HomeStore {
  return {
    homeIsShown: async ({ person, pages, digest, openedAt }) => {
      const shown = [JSON.stringify(pages), digest, openedAt]
      await allOrNothing(pool, async (on) => {
        const [found] = await put(on, person, ...shown)
        asWritten(found && [found.pages, found.digest, found.openedAt], shown)
      })
    },
    home: async (person) => {
      const [found] = await find(pool, person)
      return found ? shownHome(found, readRow) : null
    },
    homes: async () => (await all(pool)).flatMap((row) => shownHome(row, readRow) ?? []),
    forgetHome: async (person) => void (await forget(pool, person)),
    forgetHomes: async (at) => void (await forgetBefore(pool, at)),
  }
}

const columns = 'person, pages, digest, opened_at as "openedAt"'
const put = statement<HomeRow>(
  'home-put',
  `insert into homes (person, pages, digest, opened_at) values ($1, $2, $3, $4)
   on conflict (person) do update set pages = excluded.pages, digest = excluded.digest, opened_at = excluded.opened_at
   returning ${columns}`,
)
const find = statement<HomeRow>('home', `select ${columns} from homes where person = $1`)
const all = statement<HomeRow>('homes', `select ${columns} from homes order by opened_at desc`)
const forget = writing('home-forget', 'delete from homes where person = $1')
const forgetBefore = writing('homes-forget', 'delete from homes where opened_at < $1')
