import { describe, expect, test } from 'vitest'
import { canBeReverted, notReverted, revertTo } from '../../../src/domain/change/revert.ts'
import { inEveryStatus } from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const limits = { kind: 'custom', read: 50, write: 10 } as const
const organisation = { kind: 'organisation' } as const
const ungoverned = { kind: 'ungoverned' } as const
const foreign = [{ module: 'taxonomy', acl: { read: true } }] as never

describe('asking for a token as it was', () => {
  test('asks for all of it, so that later edits are undone too', () => {
    const earlier = settings({ name: 'ci', description: 'then', rateLimits: limits })
    const live = settings({ name: 'ci-2', description: 'now', expiresOn: null, rateLimits: organisation })
    expect(revertTo(earlier, live)).toEqual(earlier)
  })

  test('leaves alone the scope entries that the app does not understand', () => {
    const live = settings({ otherScope: foreign })
    expect(revertTo(settings({ name: 'ci' }), live)).toEqual(settings({ name: 'ci', otherScope: foreign }))
  })

  test('leaves the expiry alone beside a field that the app does not understand', () => {
    const odd = { otherExpiry: ['is_never_expires: true'] }
    const earlier = settings({ name: 'ci', expiresOn: null })
    expect(revertTo(earlier, settings(odd))).toEqual(settings({ name: 'ci', ...odd }))
    expect(notReverted(earlier, revertTo(earlier, settings(odd)))).toEqual(['Expires'])
    expect(revertTo({ ...earlier, ...odd }, settings())).toEqual(earlier)
  })

  test.each([
    ['then', ungoverned, limits, limits],
    ['now', limits, ungoverned, ungoverned],
    ['both times', ungoverned, ungoverned, ungoverned],
    ['neither', organisation, limits, organisation],
  ] as const)('keeps the rate limits that are there when they were not governed %s', (_, then, now, asked) => {
    const reverted = revertTo(settings({ name: 'ci', rateLimits: then }), settings({ rateLimits: now }))
    expect(reverted).toEqual(settings({ name: 'ci', rateLimits: asked }))
  })

  test('names the fields that would still not be as they were', () => {
    const earlier = settings({ name: 'ci', description: 'then' })
    expect(notReverted(earlier, earlier)).toEqual([])
    expect(notReverted(earlier, { ...earlier, name: 'ci-2' })).toEqual(['Name'])
  })
})

test('only what may have reached the stack can be undone', () => {
  const revertible = inEveryStatus().filter(canBeReverted)
  expect([...new Set(revertible.map(({ status }) => status))].sort()).toEqual(['applied', 'failed'])
})
