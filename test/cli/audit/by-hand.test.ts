import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { historyFile, secret, historySize as size } from '../../support/audited.ts'
import { temporaryFile } from '../../support/file.ts'
import { exported } from './around.ts'

const [, script] = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/auditing.md', 'utf8'))!

/** Runs the script in the docs on an export that somebody may have edited, in a process of its own. */
async function checkedByHand(edit: (text: string) => string, env: NodeJS.ProcessEnv = { AUDIT_KEY: secret }) {
  const { path } = await historyFile()
  const { written } = await exported({}, { COUNTERSIGN_DB: path, AUDIT_KEY: secret })
  const program = temporaryFile('check.mjs')
  const log = temporaryFile('log.ndjson')
  writeFileSync(program, script!)
  writeFileSync(log, edit(written))
  const { stdout, stderr } = spawnSync(process.execPath, [program, log], { env, encoding: 'utf8' })
  return stdout.trim() || /(?<=^Error: )wrong: .*/m.exec(stderr)?.[0] || stderr
}

const withoutLine = (at: number) => (text: string) => text.split('\n').toSpliced(at, 1).join('\n')

test('the script in the docs reproduces every hash of an export', async () => {
  expect(await checkedByHand((text) => text)).toBe(`${size} entries hold; no key vouches for 0 of them`)
})

test('the script in the docs names an entry that was edited, left out or cut off', async () => {
  expect(await checkedByHand((text) => text.replace('The pipeline moved', 'The pipeline broke'))).toBe(
    'wrong: entry 2 is not what was written',
  )
  expect(await checkedByHand(withoutLine(7))).toBe('wrong: entry 8 does not follow the one before')
  expect(await checkedByHand(withoutLine(size))).toBe('wrong: the end is missing')
})

test('the script in the docs says that a key is missing', async () => {
  expect(await checkedByHand((text) => text, {})).toBe('wrong: entry 1 has a key that you did not give')
})
