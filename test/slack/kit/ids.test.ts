import { expect, test } from 'vitest'
import { markOf } from '../../../src/domain/change/seal.ts'
import {
  changeValue,
  pastValue,
  readChangeValue,
  readPastValue,
  readRevertValue,
  readTokenValue,
  revertValue,
  tokenValue,
} from '../../../src/slack/kit/ids.ts'
import { asked } from './asked.ts'

test('a button carries the change, the revision that was seen, and the mark of what was in it', () => {
  const change = { ...asked(), revision: 3 }
  expect(readChangeValue(changeValue(change))).toEqual({ id: 42, revision: 3, mark: markOf(change) })
})

test('a button of an earlier version carries no mark', () => {
  expect(readChangeValue('42:3')).toEqual({ id: 42, revision: 3, mark: '' })
})

test.each([undefined, null, '', '42', '42:', ':3', '42:3:1', 'x:y', '4e1:1', '-1:1', ' 42:3', '9'.repeat(400)])(
  'a button that carries %j is refused in words',
  (value) => {
    expect(() => readChangeValue(value)).toThrow(
      expect.objectContaining({ code: 'not_found', message: expect.stringContaining('Nothing was done') }),
    )
  },
)

test('an option for a token names its stack and uid, whatever the stack is called', () => {
  const token = { stack: 'web:site', uid: 'cs123' }
  expect(readTokenValue(tokenValue(token))).toEqual(token)
  expect(() => readTokenValue(undefined)).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(() => readTokenValue('cs123')).toThrow(expect.objectContaining({ code: 'not_found' }))
})

test.each([{ before: 12 }, { after: 7 }])(
  'a button that turns a page of the past carries the token and the place %j',
  (place) => {
    const token = { stack: 'web:site', uid: 'cs123' }
    expect(readPastValue(pastValue(token, place))).toEqual({ ...token, place })
  },
)

test.each([
  { kind: 'change', number: 12 },
  { kind: 'edit', number: 7 },
] as const)('a button that undoes something carries what: $kind $number', (reverts) => {
  expect(readRevertValue(revertValue(reverts))).toEqual(reverts)
})

test.each([undefined, '', 'before:12', 'before:x:cs1:site', 'at:12:cs1:site', 'change', 'change:', 'edit:1:2', '12'])(
  'neither of them reads %j',
  (value) => {
    expect(() => readPastValue(value)).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(() => readRevertValue(value)).toThrow(expect.objectContaining({ code: 'not_found' }))
  },
)
