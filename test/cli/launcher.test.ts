import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { launcher } from '../../rolldown.config.ts'
import { bundled } from '../support/process.ts'

/** What the program sees that the launcher starts: what Node was given, and what was typed. */
async function launched(...typed: string[]): Promise<{ given: string[]; typed: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-launcher-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'countersign.js'), launcher)
  const seen = '{ given: process.execArgv, typed: process.argv.slice(2) }'
  writeFileSync(join(folder, 'app.js'), `process.stdout.write(JSON.stringify(${seen}))`)
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, 'countersign.js'), ...typed])
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

test('what reads the log is started with little room, so that a long one takes no more memory, and hears all that was typed', async () => {
  const typed = ['audit', 'verify', '--db', 'a file.db', '--anchors', 'a.ndjson']
  expect(await launched(...typed)).toEqual({ given: ['--max-semi-space-size=8'], typed })
})

test('everything else is started as Node is', async () => {
  expect(await launched('start')).toEqual({ given: [], typed: ['start'] })
})

test('no letter of the program that is started takes a second byte, since each would then', async () => {
  const program = readFileSync(await bundled(), 'latin1')
  expect(program.match(/[^\0-\x7f]+/g)).toBeNull()
})
