import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseFor, lineWith, readWaiting, waitingValue } from '../../../src/slack/tokens/waiting.ts'

test('a line that waits for its token is carried as it is, and nothing hides in what goes to Slack', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('because \u202Eevil\u{E0041} 🙏', '"\\u0041"', ''),
  )
  fc.assert(
    fc.property(text, text, (verb, rest) => {
      const value = waitingValue({ verb, rest })
      expect(value).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u)
      expect(readWaiting(value)).toEqual({ verb, rest })
    }),
  )
})

test('a line too long for a button has none, and what was not written so is no line', () => {
  expect(chooseFor({ verb: 'extend', rest: `90d because ${'x'.repeat(1800)}` })).not.toBeNull()
  expect(chooseFor({ verb: 'extend', rest: `90d because ${'x'.repeat(2000)}` })).toBeNull()
  for (const text of ['', '{', '{"verb":1}', undefined]) expect(readWaiting(text)).toBeNull()
})

test('the token goes right after the verb, in quotes if it has to', () => {
  expect(lineWith({ verb: 'extend', rest: '90d' }, 'CI Bot')).toBe('extend "CI Bot" 90d')
  expect(lineWith({ verb: 'history', rest: '' }, 'ci')).toBe('history ci')
})
