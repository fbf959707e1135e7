import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { key } from '../support/audited.ts'
import { createOutside, startCore } from '../support/core.ts'
import { databaseBefore } from '../support/file.ts'
import { alice, bob, carol, policyOfTwo, settings } from '../support/world.ts'

/** Taken by that version when it stopped, with the key. */
const checkpoint = {
  size: 25,
  head: '1df88f179c8afae0e09be3c4c282ed7d4def3e5a34198d5fa26bf67334bc6584',
  digest: '4b00f923d434e758356b015971b09c38b9d7830404f29e08d7366d31c0c2798c',
}

/** The file of an earlier version whose log has a key: see the head of the fixture. */
function earlierFile(): string {
  const { path, raw } = databaseBefore('_sent_and_missing')
  raw.exec(readFileSync(new URL('../fixtures/keyed-file-before-0007.sql', import.meta.url), 'utf8'))
  raw.close()
  return path
}

async function verified(path: string) {
  const anchors = [{ ...checkpoint, from: 'its anchor' }]
  const { intact, complete, counts } = await verifyDatabase(path, { current: key, earlier: [] }, anchors)
  return { intact: intact.holds, complete: complete.holds, counts }
}

test('a file of an earlier version, written with a key, is intact and complete once it is migrated', async () => {
  const path = earlierFile()
  openStore(path, undefined, key).close()
  expect(await verified(path)).toEqual({
    intact: true,
    complete: true,
    counts: { keyed: checkpoint.size, keyless: 0, unchained: 0 },
  })
})

test('the open changes of such a file go on, each from its own state', async () => {
  const outside = createOutside()
  Object.assign(outside, { path: earlierFile(), key, policy: policyOfTwo })
  const { stack, clock } = outside
  for (const uid of ['t2', 't3', 't4', 't6']) stack.live.set(uid, settings({ name: uid }))
  stack.live.set('t5', settings({ name: 't5', description: 'By hand' }))
  clock.pass(660)
  const { store, changes, catchUp, failures, doubts } = startCore(outside, 'second')
  const statuses = async () => (await store.changes({ most: 9 })).map(({ change }) => change.status).reverse()
  const catchesUp = async () => {
    await catchUp.all()
    await catchUp.idle()
  }
  await catchesUp()
  expect(await statuses()).toEqual([...['applied', 'pending', 'applied', 'approved', 'drifted', 'pending', 'rejected']])

  await changes.approve({ id: 2, by: carol, revision: 1 }, '')
  await changes.rebase({ id: 5, by: alice, revision: 1 })
  for (const by of [bob, carol]) for (const id of [5, 6]) await changes.approve({ id, by, revision: 2 }, '')
  clock.pass(60)
  await catchesUp()
  expect(await statuses()).toEqual([...Array.from({ length: 6 }, () => 'applied'), 'rejected'])
  expect(['t2', 't3', 't4', 't5', 't6'].map((uid) => stack.live.get(uid)?.name)).toEqual(
    [2, 3, 4, 5, 6].map((n) => `t${n}-2`),
  )
  expect([failures, doubts]).toEqual([[], []])
  expect(await verified(outside.path)).toMatchObject({ intact: true, complete: true })
})
