import { expect, test } from 'vitest'
import { asJson } from '../../src/terminal/json.ts'

test('what is printed for programs reads back as it was, in plain ASCII, whatever a token is called', () => {
  const document = { names: ['café', 'ci\u001b[2J', 'ci\u007f', '配置', '💡', 'a\nb\u2028c'] }
  const printed = asJson(document)
  expect(printed).toMatch(/^[\n\x20-\x7e]+$/)
  expect(JSON.parse(printed)).toEqual(document)
})
