import { eq } from 'drizzle-orm'
import type { AnchorStore } from '../../ports/anchors.ts'
import { anchoredColumn, anchoredFrom } from '../anchored.ts'
import { asWritten, oneRow } from '../kept.ts'
import type { ChangeRows } from './change-rows.ts'
import type { Database } from './database.ts'
import { changeRequests } from './schema.ts'
import type { Transactions } from './transactions.ts'

type Tools = { readonly db: Database; readonly rows: ChangeRows; readonly atomically: Transactions['atomically'] }

/** Remembers where the checkpoint after the end of a change is kept. */
export function rememberedAnchors({ db, rows, atomically }: Tools): AnchorStore {
  return {
    anchors: async (id) => anchoredFrom(rows.row(id).anchored),
    wasAnchored: async (id, where) => {
      const anchored = anchoredColumn(where)
      atomically(() => {
        oneRow(db.update(changeRequests).set({ anchored }).where(eq(changeRequests.id, id)).run())
        asWritten([rows.row(id).anchored], [anchored])
      })
    },
  }
}
