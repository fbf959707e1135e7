import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** `npm run demo` and its like start the source itself, for which Node has a parser of its own. */
test('Node can run every source file as it is', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const refused = files.flatMap((file) => {
    try {
      stripTypeScriptTypes(readFileSync(join('src', file), 'utf8'))
      return []
    } catch (error) {
      return [`${file}: ${(error as Error).message}`]
    }
  })
  expect(files.length).toBeGreaterThan(500)
  expect(refused).toEqual([])
})
