import { expect, test } from 'vitest'
import { whyGone } from '../../../src/domain/looks/gone.ts'
import { answeredWith, applying } from '../../support/changes.ts'

const why = 'so it came'

test.each(['refused', 'busy'] as const)(
  'nothing is left open by a token that is gone after an update that was %s',
  (kind) => {
    expect(whyGone(answeredWith({ kind, why }))).toBe('the token is gone from the stack')
  },
)

test("a token that is gone leaves open what an update made of it, or if there was one, by the stack's answer", () => {
  expect(whyGone(answeredWith({ kind: 'taken' }))).toContain('nobody can tell any more what the update did')
  const unknown = 'nobody can tell any more whether an update reached it'
  for (const kind of ['unknown', 'none'] as const) expect(whyGone(answeredWith({ kind, why }))).toContain(unknown)
  expect(whyGone(applying())).toContain(unknown)
})
