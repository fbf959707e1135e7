import { expect, test } from 'vitest'
import { distance, nearestWord } from '../../src/domain/nearest.ts'

test.each([
  ['', 'abc', 3],
  ['abc', '', 3],
  ['abc', 'abc', 0],
  ['abc', 'axc', 1],
  ['abc', 'ac', 1],
  ['wirte', 'write', 1],
  ['ab', 'ba', 1],
  ['kitten', 'sitting', 3],
])('%j is as far from %j as there are letters to change, swapped ones counting once', (a, b, far) => {
  expect(distance(a, b)).toBe(far)
  expect(distance(b, a)).toBe(far)
})

test.each([
  ['raed', 'read'],
  ['WRITE', 'write'],
  ['wri', 'write'],
  ['writes', 'write'],
  ['organ', 'organisation'],
  ['xyz', null],
  ['on', null],
  ['', null],
  ['w'.repeat(201), null],
])('%j may have meant %j', (typed, meant) => {
  expect(nearestWord(typed, ['read', 'write', 'organisation', 'never'])).toBe(meant)
})

test('of two near words the nearer one is meant', () => {
  expect(nearestWord('feature-y', ['feature-zz', 'feature-x'])).toBe('feature-x')
})
