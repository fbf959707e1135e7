import { expect, test } from 'vitest'
import { differences } from '../../src/cli/differences.ts'
import { settings } from '../support/world.ts'

test('right-to-left letters do not turn the arrow between before and after around', () => {
  const [before, after] = [settings({ name: '\u05d0' }), settings({ name: '\u05d1', description: 'New' })]
  expect(differences({ before, after })).toMatch(
    /^Name: \u2068\u05d0\u2069 → \u2068\u05d1\u2069; Description: .* → New$/,
  )
})
