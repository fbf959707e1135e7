import { expect, onTestFinished, test } from 'vitest'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { bringUpToDate } from '../../../src/storage/postgres/migrating.ts'
import { startCutting } from '../../support/cut-postgres.ts'
import { emptyPostgres, postgresWithTables } from '../../support/postgres.ts'

test.each([
  ['up to date', postgresWithTables],
  ['empty', emptyPostgres],
])(
  'an app that falls silent while it starts keeps no other from starting on a database that is %s',
  async (_, make) => {
    const url = await make()
    const cutting = await startCutting(url)
    const silent = connectTo(cutting.url, { waits: { answer: 300, silence: 200 } })
    const other = connectTo(url, { waits: { answer: 5000 } })
    onTestFinished(async () => {
      cutting.cutAll()
      await Promise.all([silent.end(), other.end()])
    })
    cutting.fate = (sent) => (sent.includes('advisory') ? 'freeze after' : 'pass')
    await expect(bringUpToDate(silent)).rejects.toThrow('Query read timeout')
    await bringUpToDate(other)
  },
)
