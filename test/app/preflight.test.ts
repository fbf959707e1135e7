import { expect, test } from 'vitest'
import { channelProblems, peopleProblems } from '../../src/app/preflight.ts'
import { ask, policy, policyOf } from '../support/world.ts'

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

/** An organisation that knows people by `W…`. */
const everybody = {
  obstacle: async (): Promise<string | null> => null,
  members: async () => [],
  group: async () => null,
  canonical: async (id: string) => id.replace(/^U/, 'W'),
  isSomebody: async () => true,
}

/** The problems if `gone` may do nothing. */
const problemsOf = async (from: readonly string[], quorum: number, ...gone: string[]) => {
  const obstacle = async (id: string) => (gone.includes(id.replace(/^U/, 'W')) ? 'deactivated' : null)
  const people = { ...everybody, obstacle }
  return peopleProblems([{ name: 'website', channel: 'C1', policy: policyOf([ask(from, quorum)]) }], people)
}

test('a rule that asks two approvals of one person, named by both ids, is reported as a mistake', async () => {
  const [problem, ...others] = await problemsOf(['U0BOB', 'W0BOB'], 2)
  expect(problem?.says).toMatch(/wants 2 approvals by different people, but U0BOB and W0BOB are one person\.$/)
  expect([problem?.closes, others]).toEqual([false, []])
})

test('a rule for two people, one of them named by both ids, works until somebody has left, which closes it', async () => {
  const from = ['U0BOB', 'W0BOB', 'U0CAROL']
  expect(await problemsOf(from, 2)).toEqual([])
  const [problem] = await problemsOf(from, 2, 'W0CAROL')
  expect(problem).toMatchObject({
    says: expect.stringMatching(/only 1 of those it names may give one; W0CAROL may not, because deactivated\.$/),
    closes: true,
  })
})

test.each([
  ['is disabled closes what it may ask and decide', { disabled: true }, '@ops (S0OPS) is disabled', [true, true]],
  ['is empty closes what it may ask and decide', { disabled: false }, '@ops (S0OPS) is empty', [true, true]],
  ['Slack does not know is a mistake', null, 'Slack knows no user group S0OPS', [false, true]],
])('a group that %s', async (_, known, says, closes) => {
  const people = { ...everybody, group: async () => known && { id: 'S0OPS', handle: 'ops', ...known } }
  const governed = { ...policyOf([ask(['S0OPS'])]), mayAsk: ['S0OPS'] }
  const problems = await peopleProblems([{ name: 'website', channel: 'C1', policy: governed }], people)
  expect(problems[0]?.says).toContain(says)
  expect(problems.map((problem) => problem.closes)).toEqual(closes)
})
