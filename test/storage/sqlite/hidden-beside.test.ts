import { expect, onTestFinished, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { mostRecent, prepareChangeRows } from '../../../src/storage/sqlite/change-rows.ts'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { hiddenBeside } from '../../../src/storage/sqlite/hidden-beside.ts'
import { pending, sentAndEnded } from '../../support/changes.ts'
import { emptyDatabase } from '../../support/file.ts'

test('an update that may still arrive is not hidden even if as many changes as are asked for have ended since', async () => {
  const db = openDatabase(emptyDatabase())
  onTestFinished(() => void db.$client.close())
  const changes = prepareChangeRows(db)
  let seq = 0
  const keep = (change: Change): Change => {
    const id = changes.add(change, `view-${++seq}`)
    changes.move({ ...change, id }, seq, null)
    return { ...change, id }
  }
  const [, sent] = sentAndEnded('2026-06-01T09:15:00.000Z').find(([how]) => how === 'was cancelled')!
  keep(sent)
  for (let i = 0; i < mostRecent; i++) keep(sent)
  const change = keep(pending())
  const tools = {
    changes,
    readable: ({ state }: { state: string }) => JSON.parse(state) as Change,
    pause: async () => {},
  }
  expect(changes.recent(change).map(({ id }) => id)).not.toContain(1)
  expect(await hiddenBeside(change, tools)).toBeNull()
})
