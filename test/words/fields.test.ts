import { expect, test } from 'vitest'
import { settingsInWords } from '../../src/slack/token-page/token-words.ts'
import { changedFields, driftedFields } from '../../src/words/fields.ts'
import type { Piece } from '../../src/words/pieces.ts'
import { plainLines } from '../../src/words/plain.ts'
import { settings } from '../support/world.ts'

const atTerminal = (pieces: readonly Piece[]) => plainLines(pieces, (id) => id)
const before = settings({ branches: ['main', 'a, b'], aliases: ['live'], aliasTargets: { live: 'main' } })
const after = settings({ ...before, branches: ['main'], aliases: [] })

test('each entry of a list is quoted by itself, since a name may contain a comma', () => {
  expect(atTerminal(changedFields({ before, after }))).toEqual([
    'Branches: "a, b", "main" → "main"',
    'Branch aliases: "live (→ main)" → "none"',
  ])
  expect(atTerminal(driftedFields({ before, live: after }))).toContain('Branches: "a, b", "main" → "main"')
  const many = settings({ ...before, branches: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] })
  expect(atTerminal(changedFields({ before, after: many })).join()).toContain('Removed (2): "main", "a, b"')
  expect(atTerminal(settingsInWords(before, new Date(0)).flat())).toContain('Branches: "a, b", "main"')
})
