import { desc, eq, lt } from 'drizzle-orm'
import type { HomeStore } from '../../ports/homes.ts'
import { asWritten, oneRow } from '../kept.ts'
import { shownHome } from '../shown-homes.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import type { Database } from './database.ts'
import { homes } from './schema.ts'

/** Remembers whose App Home is shown, so that it can be updated, after a restart too. */
export function rememberedHomes(db: Database, readRow: ReadRow): HomeStore {
  return {
    homeIsShown: async ({ person, pages, digest, openedAt }) => {
      const shown = { pages: JSON.stringify(pages), digest, openedAt }
      db.transaction((tx) => {
        const put = tx.insert(homes).values({ person, ...shown })
        oneRow(put.onConflictDoUpdate({ target: homes.person, set: shown }).run())
        const found = tx.select().from(homes).where(eq(homes.person, person)).get()
        asWritten(found && [found.pages, found.digest, found.openedAt], Object.values(shown))
      })
    },
    home: async (person) => {
      const found = db.select().from(homes).where(eq(homes.person, person)).get()
      return found ? shownHome(found, readRow) : null
    },
    homes: async () =>
      db
        .select()
        .from(homes)
        .orderBy(desc(homes.openedAt))
        .all()
        .flatMap((row) => shownHome(row, readRow) ?? []),
    forgetHome: async (person) => {
      db.delete(homes).where(eq(homes.person, person)).run()
    },
    forgetHomes: async (at) => {
      db.delete(homes).where(lt(homes.openedAt, at)).run()
    },
  }
}
