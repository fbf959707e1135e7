import { expect, test } from 'vitest'
import { uidEndOf, uidEnds } from '../../../src/domain/token/told-apart.ts'
import { settings } from '../../support/world.ts'

const token = (uid: string, name: string, stack = 'website') => ({ stack, uid, settings: settings({ name }) })

test('tokens of one name on one stack are told apart by as much of the uid as that takes', () => {
  const tokens = [
    token('blt1a001', 'ci'),
    token('blt2a001', 'CI '),
    token('bltc002', 'ci'),
    token('blt9', 'other'),
    token('blt1a001', 'ci', 'shop'),
  ]
  const ends = uidEnds(tokens)
  expect(tokens.map((one) => ends.get(one))).toEqual(['…1a001', '…2a001', '…c002', undefined, undefined])
})

test('a uid that ends another is shown whole', () => {
  const tokens = [token('a001', 'ci'), token('blta001', 'ci')]
  const ends = uidEnds(tokens)
  expect(tokens.map((one) => ends.get(one))).toEqual(['a001', '…ta001'])
})

test("the end of a token's uid is told where another token of its stack has its name, and only there", () => {
  const endOf = (...tokens: ReturnType<typeof token>[]) =>
    uidEndOf({ stack: 'website', tokenUid: 'blt1a001', before: { name: 'ci' } }, tokens)
  const itself = token('blt1a001', 'ci')
  expect(endOf(itself, token('blt2a001', 'CI '), token('bltc002', 'ci'))).toBe('…1a001')
  // Its own name may have changed since.
  expect(endOf(token('blt1a001', 'renamed'), token('blt9', 'ci'))).toBe('…a001')
  expect(endOf(itself, token('blt9', 'ci', 'shop'), token('blt8', 'other'))).toBeNull()
  // A name may read like another token's uid.
  expect(endOf(itself, token('ci', 'other'))).toBeNull()
})
