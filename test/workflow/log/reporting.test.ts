import { expect, test } from 'vitest'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { createReport } from '../../../src/domain/audit/report.ts'
import { openEvidence } from '../../../src/storage/sqlite/evidence.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createReporting } from '../../../src/workflow/log/reporting.ts'
import { temporaryFile } from '../../support/file.ts'
import { writeLongLog } from '../../support/long-log.ts'

const now = () => new Date('2026-02-01T00:00:00.000Z')

test('the report in Slack has the rows of the report at a terminal, whatever page of the log they are on', async () => {
  const path = temporaryFile()
  writeLongLog(path, 400, null)
  const store = openStore(path)
  const { since, until, rows } = await createReporting({ store, now }).lastDays(90)
  store.close()
  const evidence = openEvidence(path)
  const atTerminal = createReport(since)
  for await (const run of evidence.entries()) for (const entry of run) atTerminal.feed(entry)
  evidence.close()
  expect([since, until]).toEqual(['2025-11-03T00:00:00.000Z', '2026-02-01T00:00:00.000Z'])
  expect(rows).toEqual(atTerminal.end())
  expect(rows[0]?.asked).toBeGreaterThan(10)
})

test('the log is read once for all who ask for the same days at once, and again for whoever asks later', async () => {
  const read: number[] = []
  const store = {
    entriesFrom: async (seq: number): Promise<readonly Entry[]> => {
      read.push(seq)
      return []
    },
  }
  const { lastDays } = createReporting({ store, now })
  await Promise.all([lastDays(90), lastDays(90), lastDays(30)])
  expect(read).toHaveLength(2)
  await lastDays(90)
  expect(read).toHaveLength(3)
})
