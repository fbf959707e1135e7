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

test('keys are sorted wherever they are not, though everything around them is', () => {
  expect(canonicalJson({ a: [{ a: 1 }, { c: 1, b: [{ e: 1, d: {} }] }], b: { z: 1, y: 2 } })).toBe(
    '{"a":[{"a":1},{"b":[{"d":{},"e":1}],"c":1}],"b":{"y":2,"z":1}}',
  )
})

/** Source: RFC 8785, 3.2.2 and 3.2.3, except for its key 1: see below. */
test('the examples of RFC 8785 are written as it says there', () => {
  const given =
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}'
  expect(canonicalJson(JSON.parse(given))).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const keys = ['\u20ac', '\r', '\ufb33', '\ud83d\ude00', '\u0080', '\u00f6']
  const written = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))
  expect(written).toBe('{"\\r":0,"\u0080":0,"\u00f6":0,"\u20ac":0,"\ud83d\ude00":0,"\ufb33":0}')
})

/** Source: RFC 8785, appendix B: the bits of a double, and its text. */
test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('the number with the bits %s is written %s', (bits, text) => {
  expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
})

test.each([
  [
    'keys that are whole numbers stand first, by their value',
    { '\r': 0, a: 0, 10: 0, 9: 0 },
    '{"9":0,"10":0,"\\r":0,"a":0}',
  ],
  ['what is not a finite number is null', [Number.NaN, Number.POSITIVE_INFINITY], '[null,null]'],
  ['half a surrogate pair is escaped', '\ud83d', '"\\ud83d"'],
])('where RFC 8785 says otherwise, or refuses: %s', (_, content, text) => {
  expect(canonicalJson(content)).toBe(text)
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
