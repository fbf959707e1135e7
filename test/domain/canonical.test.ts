import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/domain/canonical.ts'

test('the same content reads the same, whatever order its keys came in, however deep', () => {
  const one = { b: [{ y: 1, x: null }], a: { d: 'ü', c: false } }
  const other = { a: { c: false, d: 'ü' }, b: [{ x: null, y: 1 }] }
  expect(canonicalJson(one)).toBe('{"a":{"c":false,"d":"ü"},"b":[{"x":null,"y":1}]}')
  expect(canonicalJson(other)).toBe(canonicalJson(one))
})

test('the order of a list is content', () => {
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]))
})
