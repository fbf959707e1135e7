import { expect, test } from 'vitest'
import { auditCommand } from '../../../src/cli/audit/settings.ts'
import { ConfigProblems } from '../../../src/config/settings.ts'
import { Refusal } from '../../../src/domain/refusal.ts'

const unexpected = new Error('a bug')
const unnamed = Object.assign(new Error('without a stack'), { stack: undefined })

test.each<[string, unknown, string[]]>([
  ['every problem of the settings', new ConfigProblems(['one', 'two']), ['one', 'two']],
  ['a no in its words', new Refusal('invalid', 'No such file.'), ['No such file.']],
  ['nothing when nobody reads on', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), []],
  ['what nobody expected with where it came from', unexpected, [unexpected.stack!]],
  ['what has no stack by its message', unnamed, ['without a stack']],
  ['what is no error as it is', 'a word', ['a word']],
])('a command that could not do its work says %s, and ends with 2', async (_, error, words) => {
  const said: string[] = []
  const terminal = { tell: () => {}, complain: (line: string) => said.push(line), env: {} }
  expect(await auditCommand(terminal, () => Promise.reject(error))).toBe(2)
  expect(said).toEqual(words)
})
