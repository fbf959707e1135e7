import { expect, test } from 'vitest'
import { userOfThisProcess } from '../../src/cli/user.ts'

test('people without a name on their machine are called by their number', () => {
  const none = () => {
    throw new Error('ENOENT: uv_os_get_passwd')
  }
  expect(userOfThisProcess(none)).toBe(`uid ${process.getuid?.()}`)
  expect(userOfThisProcess(() => 'olga')).toBe('olga')
})
