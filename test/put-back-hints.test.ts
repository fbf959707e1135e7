import { expect, test } from 'vitest'
import { databaseCheck } from '../src/cli/doctor/database.ts'
import { keyProblem } from '../src/domain/audit/key-check.ts'
import { keyOrderOf } from '../src/domain/audit/key-order.ts'
import { endProblem } from '../src/domain/audit/log-end.ts'
import type { Inspection } from '../src/ports/inspection.ts'
import { remedyFor } from '../src/storage/sqlite/schema-check.ts'
import { key } from './support/chained.ts'

const sound = { faults: [], isNewer: false, pending: 0, schema: [], unreadable: [] }

/** The doctor's advice about a database with these findings. */
async function doctors(found: Partial<Inspection>): Promise<string> {
  const inspection = async () => ({ ...sound, ...found }) as unknown as Inspection
  const said = await databaseCheck({ path: 'app.db', inspection, canWrite: async () => true }).look()
  return [said]
    .flat()
    .map(({ todo = '' }) => todo)
    .join()
}

const planted = { how: 'planted', type: 'table', name: 'odd', what: 'a table was planted', sql: null } as const
const forged = { seq: 9, key: null, type: 'stopped' }
const entry = { ...forged, body: '{}' }
const outOfOrder = keyOrderOf([{ ...entry, key: key.id }, entry], { current: key, earlier: [] })

test.each<[string, () => string | null | Promise<string>]>([
  ['the last entry follows on none', () => endProblem({ ...forged, follows: 0 })],
  ['the doctor finds it damaged', () => doctors({ faults: ['page 7 is never used'] })],
  ['the doctor finds an index damaged', () => doctors({ faults: ['row 1 missing from index audit_events_by_change'] })],
  ['the doctor finds a change that cannot be read', () => doctors({ unreadable: [41] })],
  ['the doctor finds a table that somebody has put there', () => doctors({ schema: [planted] })],
  ['a table was put there', () => remedyFor(planted)],
  ['the last entry may be forged', () => keyProblem(forged, { current: key, earlier: [] }, () => outOfOrder)],
])('advice to put a backup in its place says to record that: %s', async (_, said) => {
  const words = await said()
  expect(words).toMatch(
    /put the last (intact )?backup.*in (its|the) place|replace (this|the) file with the last backup/i,
  )
  expect(words).toContain('npm run audit -- put-back')
})
