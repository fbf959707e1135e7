import { expect, test } from 'vitest'
import { readTokenPast } from '../../../src/slack/token-page/token-past.ts'
import { createCountingWorld } from '../../support/core.ts'
import { edit } from '../../support/world.ts'

test('however many open changes a token has, they are read once for its page, which says for each what else is open', async () => {
  const { core, asked } = createCountingWorld()
  const { before } = edit()
  for (const i of [1, 2, 3, 4])
    await core.changes.propose(
      { ...edit({ after: { ...before, name: `ci-${i}` } }), reason: 'The pipeline moved' },
      `view-${i}`,
    )
  asked.length = 0
  const of = { stack: 'website', tokenUid: 't1' }
  const { open } = await readTokenPast({ store: core.store, teamUrl: 'https://slack.example/' }, of, { skip: 0 })
  expect(asked).toEqual(['openChanges', 'past'])
  expect(open.map(({ others }) => others?.map(({ id }) => id))).toEqual([
    [3, 2, 1],
    [4, 2, 1],
    [4, 3, 1],
    [4, 3, 2],
  ])
})
