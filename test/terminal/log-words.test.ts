import { expect, test } from 'vitest'
import type { Answer } from '../../src/domain/write.ts'
import { inWords } from '../../src/terminal/log-words.ts'
import { proposedAt as at } from '../support/changes.ts'

const why = 'so it came'

test.each<[Answer, string]>([
  [{ kind: 'taken' }, 'sent an update, which the stack answered that it took'],
  [{ kind: 'unknown', why }, `sent an update, and got an answer that proves nothing: ${why}`],
  [{ kind: 'none', why }, `sent an update, or was about to, and got no answer: ${why}`],
  [{ kind: 'refused', why }, `had its update refused: ${why}`],
  [{ kind: 'busy', why }, `could not get an update through: ${why}`],
])('of an update that was answered with $kind, the log says no more than that', (answer, words) => {
  expect(inWords({ type: 'write_answered', at, sentAt: at, answer })).toBe(words)
})
