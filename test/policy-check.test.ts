import { expect, test } from 'vitest'
import { channelProblems } from '../src/policy-check.ts'
import { policy } from './support/world.ts'

const why: Record<string, string | null> = { C0FINE: null, C0OLD: 'is archived', C0NOWHERE: 'is not there' }
const channels = {
  problem: async (id: string) => why[id] ?? null,
  isThere: async (id: string) => id !== 'C0NOWHERE',
}
const closedBy = async (...ids: string[]) => {
  const stacks = ids.map((channel, i) => ({ name: `stack ${i}`, channel, policy }))
  return (await channelProblems(stacks, channels)).map(({ closes }) => closes)
}

test.each([
  ['a channel that was archived closes its stack, where another can be used', ['C0FINE', 'C0OLD'], [true]],
  ['an id that Slack does not know is a mistake, whatever other stacks have', ['C0FINE', 'C0NOWHERE'], [false]],
  ['with no channel left that can be used, nothing could go on', ['C0OLD'], [false]],
  ['so it is when several stacks have the same one', ['C0OLD', 'C0OLD'], [false]],
  ['channels as they should be close nothing', ['C0FINE', 'C0FINE'], []],
])('%s', async (_, ids, closes) => {
  expect(await closedBy(...ids)).toEqual(closes)
})
