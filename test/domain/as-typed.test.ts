import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { databaseCheck } from '../../src/cli/doctor/database.ts'
import { asTyped, spellAs } from '../../src/domain/as-typed.ts'
import { endProblem } from '../../src/domain/audit/log-end.ts'
import { thenSaySo } from '../../src/domain/audit/put-back.ts'
import type { Inspection } from '../../src/ports/inspection.ts'

function asInstalled(): void {
  spellAs('installed')
  onTestFinished(() => spellAs('repository'))
}

test.each([
  ['doctor', 'npm run doctor', 'countersign doctor'],
  ['start', 'npm start', 'countersign start'],
  ['start --env-file .env', 'npm start -- --env-file .env', 'countersign start --env-file .env'],
  ['policy check', 'npm run policy:check', 'countersign policy check'],
  ['policy check --config a', 'npm run policy:check -- --config a', 'countersign policy check --config a'],
  ['audit verify --db a', 'npm run audit -- verify --db a', 'countersign audit verify --db a'],
])('%s is typed in the repository as a script, and elsewhere by the name of the program', (command, script, name) => {
  expect(asTyped(command)).toBe(script)
  asInstalled()
  expect(asTyped(command)).toBe(name)
})

test('advice names commands as they are typed where it is given, although some of it is worded once', async () => {
  const advice = async () => {
    const found = { faults: ['page 7 is never used'], isNewer: false, pending: 0, schema: [], unreadable: [] }
    const inspection = async () => found as unknown as Inspection
    const doctors = await databaseCheck({ path: 'app.db', inspection, canWrite: async () => true }).look()
    return [thenSaySo(), endProblem({ seq: 9, key: null, type: 'stopped', follows: 0 }), JSON.stringify(doctors)]
  }
  for (const said of await advice()) expect(said).toContain('npm run audit -- put-back')
  asInstalled()
  for (const said of await advice()) {
    expect(said).toContain('countersign audit put-back')
    expect(said).not.toContain('npm')
  }
})

test('no other part of the program spells a command itself', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  const own = files.filter((file) => /npm (run|start)\b/.test(withoutComments(readFileSync(join('src', file), 'utf8'))))
  const ofNpm = ['cli/doctor/machine.ts', 'cli/kept-by-npm.ts']
  expect(own.toSorted()).toEqual([...ofNpm, 'domain/as-typed.ts'])
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}
