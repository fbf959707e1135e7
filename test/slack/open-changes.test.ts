import { expect, test, vi } from 'vitest'
import type { StoredChange } from '../../src/ports.ts'
import { createOpenChanges } from '../../src/slack/open-changes.ts'
import { createOutside, startCore } from '../support/core.ts'
import { alice, bob, edit } from '../support/world.ts'

test('of many open changes, only those that a list shows are looked up, and all are counted', async () => {
  const core = startCore(createOutside())
  for (let i = 0; i < 25; i++) await core.changes.propose(edit({ tokenUid: `blt${i}` }), 'Why', `view ${i}`)
  const shown = vi.fn(async (stored: StoredChange) => stored)
  const { store, electorates } = core
  const lists = createOpenChanges({ store, electorates, teamUrl: '', titleOf: async () => 'Website', shown })

  const mine = await lists.mine(alice)
  expect([mine.total, mine.items.length, shown.mock.calls.length]).toEqual([25, 20, 20])
  const { toDecide } = await lists.pending(bob)
  expect([toDecide.total, toDecide.items.length, shown.mock.calls.length]).toEqual([25, 20, 40])
})
