import { expect, test, vi } from 'vitest'
import { countersign } from '../../src/cli/program.ts'

test.each([
  ['an option of the program without its value', ['audit', 'verify', '--env-file']],
  ['an option that the program does not have', ['--bogus', 'audit', 'verify']],
  ['an option that a command does not have', ['audit', 'verify', '--bogus']],
  ['a group without a command', ['audit']],
  ['a command that there is not', ['bogus']],
  ['a command without what it needs', ['backup']],
])('%s ends with 2, since 1 is an answer of some commands', async (_, typed) => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`ended with ${code}`)
  })
  await expect(countersign().parseAsync(['node', 'countersign', ...typed])).rejects.toThrow('ended with 2')
})
