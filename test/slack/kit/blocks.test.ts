import { expect, test } from 'vitest'
import { date, dateInText, escaped, plainText } from '../../../src/slack/kit/blocks.ts'
import { pack } from '../../../src/slack/kit/layout.ts'
import { inText, rich } from '../../../src/slack/kit/rich.ts'
import { line, verbatim } from '../../../src/words/pieces.ts'
import { chunks, clip, count, shortLine } from '../../../src/words/text.ts'
import { people } from '../../../src/words/words.ts'
import { parts } from './drawn.ts'

test('a text that is cut ends in "…" and never inside a character', () => {
  expect(clip('abcdef', 6)).toBe('abcdef')
  expect(clip('abcdefg', 6)).toBe('abcde…')
  expect(clip('ab😀😀😀', 6)).toBe('ab😀…')
})

test('a line of a long text is cut as if all of the text had been spelled out before', () => {
  expect(shortLine('a\n\u202E', 100)).toBe('a⟨U+000A⟩⟨U+202E⟩')
  expect(shortLine('\u202E'.repeat(3000), 10)).toBe('⟨U+202E⟩⟨…')
  expect(shortLine(`abcd${'😀'.repeat(9)}`, 6)).toBe('abcd…')
  expect(shortLine('abcde😀', 6)).toBe('abcde…')
  expect(shortLine('', 6)).toBe('(blan…')
  expect(shortLine(' '.repeat(3000), 10)).toBe('(blank)')
  expect(shortLine(`${' '.repeat(3000)}x`, 3)).toBe('  …')
})

test('a long text is split into parts that together say all of it', () => {
  const text = `${'😀'.repeat(2000)}end`
  const split = chunks(text, 3000)
  expect(split.join('')).toBe(text)
  expect(Math.max(...split.map((part) => part.length))).toBeLessThanOrEqual(3000)
  expect(split.every((part) => part.isWellFormed())).toBe(true)
  expect(chunks('', 3000)).toEqual([])
})

test('no markup, mention or line break survives in the text of a message', () => {
  expect(escaped('<!channel> & <@U1>\n\u202Ex')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;⟨U+000A⟩⟨U+202E⟩x')
})

test('a text that nobody could see is shown as blank', () => {
  expect(verbatim('')).toEqual({ kind: 'verbatim', text: '(blank)' })
  expect(plainText('  ')).toEqual({ type: 'plain_text', text: '(blank)', emoji: false })
})

test("an instant is shown by the reader's clock", () => {
  expect(date('2026-06-01T09:00:00.000Z')).toEqual({
    type: 'date',
    timestamp: 1780304400,
    format: '{date_short_pretty} at {time}',
    fallback: '2026-06-01 09:00 UTC',
  })
  expect(dateInText('2026-06-01T09:00:00.000Z')).toBe(
    '<!date^1780304400^{date_short_pretty} at {time}|2026-06-01 09:00 UTC>',
  )
  expect(date('<!here>')).toEqual({ type: 'text', text: '<!here>' })
  expect(dateInText('<!here>')).toBe('&lt;!here&gt;')
})

test('a sentence says the same in blocks and in text', () => {
  const words = [{ strong: '#1' }, ' by ', { person: 'U1' }, ': ', { said: '<b>' }]
  expect(rich(words)).toEqual([
    { type: 'text', text: '#1', style: { bold: true } },
    { type: 'text', text: ' by ' },
    { type: 'user', user_id: 'U1' },
    { type: 'text', text: ': ' },
    { type: 'text', text: '<b>', style: { code: true } },
  ])
  expect(inText(words)).toBe('#1 by <@U1>: &lt;b&gt;')
})

test('a crowd is named up to a point and then counted', () => {
  expect(inText(people(['U1', 'U2', 'U3'], 2))).toBe('<@U1>, <@U2> and 1 more')
  expect(count(1, 'approval')).toBe('1 approval')
  expect(count(1200, 'approval')).toBe('1,200 approvals')
})

test('lines share a block until it holds 3,000 characters', () => {
  const packed = pack([[line('a'), line('b')], [verbatim('x'.repeat(7000))]], 50)
  expect(packed).toHaveLength(4)
  expect(packed[0]).toEqual({
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'a' },
          { type: 'text', text: '\n' },
          { type: 'text', text: 'b' },
        ],
      },
    ],
  })
})

test('when blocks run out they are filled further, and nothing is left out', () => {
  const text = 'x'.repeat(200_000)
  const packed = pack([[verbatim(text)], [line('end')]], 10)
  expect(packed).toHaveLength(10)
  const leaves = parts(packed).flatMap((part) => (part.type === 'text' ? [String(part.text)] : []))
  expect(leaves.join('')).toBe(`${text}end`)
  expect(Math.max(...leaves.map((leaf) => leaf.length))).toBe(3000)
})
