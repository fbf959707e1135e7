import { describe, expect, test } from 'vitest'
import { inOneSeed, tryOut } from '../support/model/model.ts'

/**
 * Random people, policies, stacks, lags, late writes, hand edits, steps of the clock and kills; and after each: does
 * any text claim more than was true, was anything written that not enough people had agreed to, has anything of ours
 * undone something else of ours? `npm run model` tries many more.
 */
const seed = Number(process.env.SEED ?? 20261128)
const seeds = Array.from({ length: 2 }, (_, i) => seed + i)

describe(`from the seed ${seed}`, () => {
  const seen = new Map<string, number>()

  test.each(seeds)(
    'whatever people, hands, a lagging stack, kills and the clock do, no text claims more than was seen (%i)',
    async (seed) => {
      const failure = await tryOut(seed, inOneSeed, (type) => seen.set(type, (seen.get(type) ?? 0) + 1))
      expect(failure).toBeNull()
    },
  )

  test('all of it has happened', () => {
    const types = [
      'applied',
      'drift_found',
      'rebased',
      'amended',
      'taken_over',
      'cancelled',
      'quorum_lost',
      'apply_unseen',
      'apply_postponed',
      'write_arrived',
      'outside_edit',
    ]
    for (const type of types) expect(seen.get(type) ?? 0, type).toBeGreaterThan(0)
  })
})
