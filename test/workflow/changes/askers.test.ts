import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { createAskers } from '../../../src/workflow/changes/askers.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase } from '../../support/file.ts'
import { fill } from '../../support/many.ts'
import { storeWithTurns, turnsDuring } from '../../support/turns.ts'

test('changes to check are looked up in runs, and everything else has its turn in between', async () => {
  const path = emptyDatabase()
  const db = openDatabase(path)
  fill(db, { open: 250 })
  db.$client.close()
  const { store } = storeWithTurns(createClock(), path)
  const seen: number[] = []
  const electorates = { forChange: () => Promise.reject(new Error('nobody is asked for')) }
  const { holdAll } = createAskers({ store, electorates, now: () => new Date() })
  const concerns = ({ id }: { id: number }) => seen.push(id) < 0
  expect(await turnsDuring(() => holdAll(concerns, () => {}))).toBeGreaterThanOrEqual(2)
  expect(seen).toHaveLength(250)
})
