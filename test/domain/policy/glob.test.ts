import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matches } from '../../../src/domain/policy/glob.ts'

test.each([
  ['main', 'main', true],
  ['main', 'maintenance', false],
  ['main', 'domain', false],
  ['release-*', 'release-2026', true],
  ['release-*', 'release-', true],
  ['release-*', 'pre-release-2026', false],
  ['*', '', true],
  ['*', 'two\nlines', true],
  ['v?', 'v1', true],
  ['v?', 'v', false],
  ['v?', 'v10', false],
  ['a.c', 'abc', false],
  ['Main', 'main', false],
  ['', '', true],
  ['', 'main', false],
])('the pattern "%s" fits "%s": %s', (pattern, text, fits) => {
  expect(matches(pattern, text)).toBe(fits)
})

const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[*?]/.test(text))

test('a text without * and ? fits itself only, whatever its characters mean elsewhere', () => {
  const marks = fc.string({ unit: fc.constantFrom(...'\\^$.|+()[]{}-/a1\n') })
  fc.assert(
    fc.property(fc.oneof(plain, marks), fc.oneof(plain, marks), (pattern, text) => {
      expect(matches(pattern, pattern)).toBe(true)
      expect(matches(pattern, text)).toBe(pattern === text)
    }),
  )
})

test('a star stands for anything between the parts before and after it', () => {
  fc.assert(
    fc.property(plain, plain, plain, (start, middle, end) => {
      expect(matches(`${start}*${end}`, start + middle + end)).toBe(true)
    }),
  )
})
