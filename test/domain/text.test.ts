import { expect, test } from 'vitest'
import { isBlank, isSendable, visible } from '../../src/domain/text.ts'

test.each([
  ['a right-to-left override', '\u202E', '⟨U+202E⟩'],
  ['an isolate', '\u2066', '⟨U+2066⟩'],
  ['a zero-width space', '\u200B', '⟨U+200B⟩'],
  ['a zero-width joiner', '\u200D', '⟨U+200D⟩'],
  ['a byte order mark', '\uFEFF', '⟨U+FEFF⟩'],
  ['an annotation anchor', '\uFFF9', '⟨U+FFF9⟩'],
  ['a soft hyphen', '\u00AD', '⟨U+00AD⟩'],
  ['a tag character, outside the basic plane', '\u{E0041}', '⟨U+E0041⟩'],
  ['a variation selector', '\uFE0F', '⟨U+FE0F⟩'],
  ['a Hangul filler', '\u3164', '⟨U+3164⟩'],
  ['a blank Braille pattern', '\u2800', '⟨U+2800⟩'],
  ['a line separator', '\u2028', '⟨U+2028⟩'],
  ['a paragraph separator', '\u2029', '⟨U+2029⟩'],
  ['a null character', '\u0000', '⟨U+0000⟩'],
  ['a carriage return', '\r', '⟨U+000D⟩'],
  ['an escape', '\u001B', '⟨U+001B⟩'],
  ['each of several, side by side,', '\u202E\u202E\u200B', '⟨U+202E⟩⟨U+202E⟩⟨U+200B⟩'],
  ['half a surrogate pair', '\uD83D', '⟨U+D83D⟩'],
])('%s is spelled out', (_, hidden, spelled) => {
  expect(visible(`ci${hidden}deploy${hidden}`)).toBe(`ci${spelled}deploy${spelled}`)
})

test('what a reader can see stays as it is, newlines too', () => {
  const plain = 'naïve\n日本語 עברית 🚀 <@U0ALICE> & *bold*'
  expect(visible(plain)).toBe(plain)
})

test.each(['', ' \n', '\u200B', ' \u2800\u3164 '])('%j is blank', (text) => {
  expect(isBlank(text)).toBe(true)
})

test.each(['a', ' \u200B. ', '🚀'])('%j is not blank', (text) => {
  expect(isBlank(text)).toBe(false)
})

test.each([
  ['xoxb-1', true],
  ['', false],
  ['a b', false],
  ['a\n', false],
  ['auth§1', false],
])('%j can be sent as a credential: %s', (credential, sendable) => {
  expect(isSendable(credential)).toBe(sendable)
})
