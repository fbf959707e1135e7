import { expect, test } from 'vitest'
import { command, problemsOf } from '../../src/cli/command.ts'
import { Refusal } from '../../src/domain/refusal.ts'

test.each([
  ['a refusal', new Refusal('not_found', 'No token is called "ci\u001b[2J\u202e".')],
  ['an error that nobody expected', new Error('No token is called "ci\u001b[2J\u202e".')],
])('a name in %s is spelled out, so that it can steer no terminal', async (_, error) => {
  const said: string[] = []
  const terminal = { tell: () => {}, complain: (line: string) => said.push(line) }
  expect(await command(terminal, () => Promise.reject<number>(error))).toBe(1)
  expect(said).toEqual(['No token is called "ci⟨U+001B⟩[2J⟨U+202E⟩".'])
})

test('an error as long as a page is reported in one short line', () => {
  const [said, ...more] = problemsOf(new Error('page\n'.repeat(1_000)))
  expect([said, more]).toEqual([expect.stringMatching(/^page page .{200,300}$/), []])
})
