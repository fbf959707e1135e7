import { expect, test } from 'vitest'
import { line, quote } from '../../src/words/pieces.ts'
import { mentionedIn, plainLines } from '../../src/words/plain.ts'

const pieces = [
  line('Asked for by ', { person: 'U1' }, ' and ', { group: 'S1' }, ', entered by ', { person: 'operator:ops' }),
  line({ strong: 'Token' }, ': ', { said: 'ci\ndeploy' }, ' ', { at: '2026-06-01T09:00:30.000Z' }),
  quote('two\nlines'),
]

test('at a terminal, people have names, an operator their own word, and what somebody wrote is quoted', () => {
  expect(plainLines(pieces, (id) => `<${id}>`)).toEqual([
    'Asked for by <U1> and <S1>, entered by "operator ops"',
    'Token: "ci⟨U+000A⟩deploy" 2026-06-01 09:00 UTC',
    '  | two',
    '  | lines',
  ])
})

test('nobody looks up an operator in Slack', () => {
  expect(mentionedIn(pieces)).toEqual(['U1', 'S1'])
})
