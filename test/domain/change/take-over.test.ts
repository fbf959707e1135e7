import { expect, test } from 'vitest'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { pending, proposedAt } from '../../support/changes.ts'
import { alice, bob, settings } from '../../support/world.ts'

test('a stopped change that is taken over remembers who moved the token', () => {
  const live = settings({ description: 'other' })
  const stopped = evolve(pending(), { type: 'drift_found', at: proposedAt, live, by: [2], elsewhere: true })
  const content = { ...pending(), voids: [], tells: [] }
  const taken = evolve(stopped, { ...content, type: 'taken_over', at: proposedAt, by: bob, from: [alice] })
  expect(taken).toMatchObject({ status: 'drifted', requester: bob, live, by: [2], elsewhere: true })
})
