import { z } from 'zod'
import type { ShownHome } from '../ports/homes.ts'
import type { ReadRow } from './unreadable-rows.ts'

const pages = z.record(z.string(), z.number().int())

export type HomeRow = Omit<ShownHome, 'pages'> & { readonly pages: string }

/** An unreadable one counts as never opened. */
export function shownHome(row: HomeRow, readRow: ReadRow): ShownHome | null {
  return readRow('homes', row.person, () => ({ ...row, pages: pages.parse(JSON.parse(row.pages)) }))
}
