import { expect, test } from 'vitest'
import { changeValue, readChangeValue, readTokenValue, tokenValue } from '../../../src/slack/views/ids.ts'

test('a button carries the change and the revision that was seen, and nothing else', () => {
  expect(changeValue({ id: 42, revision: 3 })).toBe('42:3')
  expect(readChangeValue('42:3')).toEqual({ id: 42, revision: 3 })
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
