import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalJson, sameContent } from '../../src/domain/canonical.ts'
import { contentDigest } from '../../src/domain/content-digest.ts'

test('the same content reads the same, whatever order its keys came in, however deep', () => {
  const one = { b: [{ y: 1, x: null }], a: { d: 'ü', c: false } }
  const other = { a: { c: false, d: 'ü' }, b: [{ x: null, y: 1 }] }
  expect(canonicalJson(one)).toBe('{"a":{"c":false,"d":"ü"},"b":[{"x":null,"y":1}]}')
  expect(canonicalJson(other)).toBe(canonicalJson(one))
})

test('keys are put in order wherever they are not, though all around them are', () => {
  expect(canonicalJson({ a: [{ a: 1 }, { c: 1, b: [{ e: 1, d: {} }] }], b: { z: 1, y: 2 } })).toBe(
    '{"a":[{"a":1},{"b":[{"d":{},"e":1}],"c":1}],"b":{"y":2,"z":1}}',
  )
})

test('the order of a list is content', () => {
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]))
})

test.each<[unknown, unknown]>([
  [
    { a: 1, b: [{ c: null }] },
    { b: [{ c: null }], a: 1 },
  ],
  [{ a: 1, b: undefined }, { a: 1 }],
  [[], []],
  ['a', 'a'],
])('%j and %j have the same content', (a, b) => {
  expect([sameContent(a, b), sameContent(b, a)]).toEqual([true, true])
  expect(canonicalJson(a)).toBe(canonicalJson(b))
})

test.each<[unknown, unknown]>([
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1 }, { a: 1, b: null }],
  [
    { a: undefined, b: 1 },
    { a: 1, b: undefined },
  ],
  [{ a: { b: 1 } }, { a: { b: 2 } }],
  [{}, null],
  [{}, []],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 2]],
  [[1], [1, undefined]],
  [1, '1'],
])('%j and %j have not', (a, b) => {
  expect([sameContent(a, b), sameContent(b, a)]).toEqual([false, false])
  expect(canonicalJson(a)).not.toBe(canonicalJson(b))
})

test('the same content has the same digest, which anybody can make of its canonical JSON', () => {
  expect(contentDigest({ b: 1, a: [true] })).toBe(hash('sha256', '{"a":[true],"b":1}'))
  expect(contentDigest({ a: [true], b: 1 })).toBe(contentDigest({ b: 1, a: [true] }))
  expect(contentDigest({ a: [false], b: 1 })).not.toBe(contentDigest({ b: 1, a: [true] }))
})
