import type pg from 'pg'
import type { AnchorStore } from '../../ports/anchors.ts'
import { anchoredColumn, anchoredFrom } from '../anchored.ts'
import { asWritten } from '../kept.ts'
import { rowOf } from './change-rows.ts'
import { statement } from './statements.ts'

const put = statement<{ anchored: string | null }>(
  'anchored',
  'update change_requests set anchored = $2 where id = $1 returning anchored',
)

/** Remembers where the checkpoint after the end of a change is kept. */
export function rememberedAnchors(pool: pg.Pool): AnchorStore {
  return {
    anchors: async (id) => anchoredFrom((await rowOf(pool, id)).anchored),
    wasAnchored: async (id, where) => {
      const anchored = anchoredColumn(where)
      const [kept] = await put(pool, id, anchored)
      asWritten(kept && [kept.anchored], [anchored])
    },
  }
}
