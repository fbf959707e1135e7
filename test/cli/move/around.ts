import { copyFileSync } from 'node:fs'
import { expect } from 'vitest'
import { move } from '../../../src/cli/move/move.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import { orders, tables } from '../../../src/storage/moving.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { emptyPostgres } from '../../support/postgres.ts'
import { filesOf, releasedKey } from '../../support/released.ts'
import { addRows } from '../../support/rows.ts'
import { listening } from '../audit/around.ts'

const env = { AUDIT_KEY: releasedKey }
export const key = auditKey(releasedKey)

/** Runs `countersign move`; resolves to its output. */
export async function moves(from: string, to: string, variables: Readonly<Record<string, string>> = env) {
  const { around, said } = listening(variables)
  const code = await move({ from, to }, around)
  return { code, ...said() }
}

/** The same, where nothing may go wrong. Resolves to where everything is then. */
export async function moved(from: string, to: string, variables = env): Promise<string> {
  const { code, err } = await moves(from, to, variables)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return to
}

/** A file as a release left it, brought up to date, with rows in every table. */
export function releasedFile(): string {
  const path = temporaryFile()
  copyFileSync(filesOf('0.2.0').database, path)
  openStore(path, undefined, key).close()
  const raw = rawConnection(path)
  addRows(raw, 'left_cards', [{ change_id: 1, channel: 'C1', ts: '1.5' }])
  addRows(raw, 'void_approvals', [
    { change_id: 8, person: 'U0BOB', approved_at: '2026-06-01T09:00:00.000Z', why: 'left', telling: null },
    { change_id: 8, person: 'U0CAROL', approved_at: '2026-06-01T09:00:00.000Z', why: null, telling: 1780000000000 },
  ])
  const [since, until] = ['2026-06-01T09:00:00.000Z', '2026-06-01T10:00:00.000Z']
  addRows(raw, 'repeated_refusals', [{ what: '{"who":"ünïcode — “quoted” \\\\ {x,y} 😀"}', since, times: 3, until }])
  const grant = {
    client_id: 'c',
    sealed: 'x',
    number: 2,
    stored_at: since,
    renewal_began: null,
    renewing: 5,
    ended: null,
  }
  addRows(raw, 'oauth_grants', [{ stack: 'website', ...grant }])
  const draft = { person: 'U0ALICE', stack: 'website', token_uid: 't', body: '{}', saved_at: since }
  addRows(
    raw,
    'drafts',
    ['z', 'a', 'm'].map((id) => ({ id, ...draft })),
  )
  raw.close()
  return path
}

/** Everything in a file, table by table. */
export function contentOf(path: string): Record<string, unknown[]> {
  const raw = rawConnection(path)
  const rows = (table: string, order: string) => raw.prepare(`select * from ${table} order by ${order}`).all()
  const content = Object.fromEntries(tables.map((table) => [table, rows(table, orders[table] ?? 'rowid')]))
  content.sqlite_sequence = rows('sqlite_sequence', 'name')
  raw.close()
  return content
}

/** The address of a database with all that is in a released file. */
export async function releasedPostgres(): Promise<string> {
  return moved(releasedFile(), await emptyPostgres())
}
