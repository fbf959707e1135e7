import { expect, test } from 'vitest'
import { asJson, changeAsJson } from '../../src/cli/json.ts'
import { pending } from '../support/changes.ts'

test("output for programs reads back as it was, in plain ASCII, whatever a token's name", () => {
  const document = { names: ['café', 'ci\u001b[2J', 'ci\u007f', '配置', '💡', 'a\nb\u2028c'] }
  const printed = asJson(document)
  expect(printed).toMatch(/^[\n\x20-\x7e]+$/)
  expect(JSON.parse(printed)).toEqual(document)
})

test('a change says when a backup was put back since it was asked for', () => {
  const putBackAt = '2026-06-02T09:00:00.000Z'
  expect(changeAsJson({ ...pending(), putBackAt })).toMatchObject({ putBackAt })
  expect(changeAsJson(pending())).toMatchObject({ putBackAt: null })
})
