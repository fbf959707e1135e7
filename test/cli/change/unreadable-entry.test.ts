import { expect, test } from 'vitest'
import { showChange } from '../../../src/cli/change/show.ts'
import { historyFile, key } from '../../support/audited.ts'
import { rawConnection } from '../../support/file.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { listening } from '../audit/around.ts'

test.each([
  ['a body that is cut off', 'approved', `body = '{"by":'`],
  ['a body that says nothing', 'approved', `body = '{}'`],
  ['a type that does not exist', 'blessed', `type = 'blessed'`],
])('change show names an entry with %s, and says to verify the log', async (_, type, edit) => {
  const { path } = await historyFile(key)
  const db = rawConnection(path)
  pastTheTriggers(db, () => db.exec(`update audit_events set ${edit} where seq = 6`))
  const { around, said } = listening({ COUNTERSIGN_DB: path })
  expect(await showChange('1', {}, around)).toBe(1)
  const err = `Entry #6 of the log is marked as ${type}, but can't be read as that: verify the log.`
  expect(said()).toEqual({ out: '', err })
})
