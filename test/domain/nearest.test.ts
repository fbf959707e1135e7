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

test.each([
  ['a word that it is, but for its letter case', 'main', ['maim', 'Main'], 'Main'],
  ['a word that it is, before one that begins so', 'read', ['reader', 'read'], 'read'],
  ['a word of which half is typed, before one mistyped', 'rea', ['ria', 'read'], 'read'],
  ['a word of which the end is typed', 'ite', ['read', 'write'], 'write'],
  ['a word with spaces around it', '  read ', ['read'], 'read'],
  ['a short word that is one letter away', 't', ['to'], 'to'],
  ['a long word that is as many letters away as a third of it', 'orgenizatiux', ['organisation'], 'organisation'],
  ['no long word that is more letters away', 'erkenizatiux', ['organisation'], null],
  ['no word longer than there are any', 'w'.repeat(201), ['w'.repeat(201)], null],
  ['a word as long as there may be', 'w'.repeat(200), ['w'.repeat(199)], 'w'.repeat(199)],
])('what was typed is taken for %s', (_, typed, words, meant) => {
  expect(nearestWord(typed, words)).toBe(meant)
})
