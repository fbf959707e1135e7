import { expect, test, vi } from 'vitest'
import type { StoredChange } from '../../../src/ports/changes.ts'
import { createOpenChanges } from '../../../src/slack/changes/open-changes.ts'
import { type Core, createOutside, startCore } from '../../support/core.ts'
import { fileWith } from '../../support/many.ts'
import { turnsDuring } from '../../support/turns.ts'
import { alice, bob, edit } from '../../support/world.ts'

test('of many open changes, only those that a list shows are looked up, and all are counted', async () => {
  const core = startCore(createOutside())
  for (let i = 0; i < 25; i++)
    await core.changes.propose({ ...edit({ tokenUid: `blt${i}` }), reason: 'Why' }, `view ${i}`)
  const shown = vi.fn(async (stored: StoredChange) => stored)
  const lists = listsOf(core, shown)

  const mine = await lists.mine(alice)
  expect([mine.total, mine.items.length, shown.mock.calls.length]).toEqual([25, 20, 20])
  const { toDecide } = await lists.pending(bob)
  expect([toDecide.total, toDecide.items.length, shown.mock.calls.length]).toEqual([25, 20, 40])
})

test.each(['mine', 'pending'] as const)(
  'while the list "%s" is made of hundreds of open changes, everything else has its turn between each hundred',
  async (list) => {
    const lists = listsOf(startCore(createOutside(fileWith({ open: 250 }))))
    expect(await turnsDuring(() => lists[list](alice))).toBeGreaterThanOrEqual(2)
  },
)

function listsOf({ store, electorates }: Core, shown = async (stored: StoredChange) => stored) {
  return createOpenChanges({ store, electorates, teamUrl: '', titleOf: async () => 'Website', shown })
}
