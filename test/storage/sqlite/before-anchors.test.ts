import { expect, onTestFinished, test } from 'vitest'
import { endedStatuses } from '../../../src/domain/change/change.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { proposedAt as at } from '../../support/changes.ts'
import { databaseBefore } from '../../support/file.ts'

test('a change that had ended before there were anchors calls for none, and one that ends afterwards does', async () => {
  const { path, raw } = databaseBefore('_anchors')
  const insert = raw.prepare(
    `insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq, card_seq, told)
     values (?, 'website', 't1', 'U0ALICE', ?, 1, '{}', ?, 1, 1, ?)`,
  )
  for (const [i, status] of endedStatuses.entries()) insert.run(i + 1, status, `view-${i}`, `${status} 1`)
  insert.run(9, 'pending', 'view-9', 'sent')
  const store = openStore(path)
  onTestFinished(store.close)
  expect(await store.unfinished(at)).toEqual([])
  raw.exec(`update change_requests set status = 'cancelled', told = 'cancelled 1' where id = 9`)
  expect(await store.unfinished(at)).toEqual([9])
})
