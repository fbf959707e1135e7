import { expect, test } from 'vitest'
import { auditKey, checkpointOf } from '../../../src/domain/audit/chain.ts'
import { checkpointIn, checkpointInText } from '../../../src/domain/audit/checkpoint-text.ts'

const checkpoint = checkpointOf(41, 'a'.repeat(64), auditKey('a secret of the auditors, and of nobody else'))
const text = checkpointInText(checkpoint)

test('a checkpoint is read again as it was written, in the middle of other words too', () => {
  expect(text).toBe(`41 · ${'a'.repeat(64)} · ${checkpoint.digest}`)
  expect(checkpointIn(text)).toEqual(checkpoint)
  expect(checkpointIn(`Change #3 has ended: ${text}. Thanks, 7`)).toEqual(checkpoint)
})

test.each([
  '',
  '41',
  text.slice(0, -1),
  `${text}0`,
  text.replace('41', 'x'),
  text.replaceAll('·', '-'),
  text.toUpperCase(),
])('"%s" is not a checkpoint', (other) => {
  expect(checkpointIn(other)).toBeNull()
})
