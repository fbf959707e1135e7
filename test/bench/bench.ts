import { parseArgs } from 'node:util'
import { measure, type Size } from './measure.ts'
import { asTable } from './rows.ts'

/**
 * `npm run bench`: a table. With `--json` one object instead, a key for each row. With `--quick` far too few samples to
 * mean anything, to see that the bench itself works.
 */
const usual: Size = {
  warmUp: 100,
  help: 1500,
  form: 400,
  pages: 200,
  past: 10_000,
  approvals: 1000,
  lastApprovals: 300,
  starts: 15,
  commands: 10_000,
  connections: 2,
  auditEntries: 1_000_000,
  auditRounds: 3,
}
const quick: Size = {
  warmUp: 1,
  help: 3,
  form: 3,
  pages: 3,
  past: 100,
  approvals: 3,
  lastApprovals: 3,
  starts: 1,
  commands: 10,
  connections: 1,
  auditEntries: 500,
  auditRounds: 1,
}

const { values } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const rows = await measure(values.quick ? quick : usual, (step) => process.stderr.write(`${step} …\n`))
process.stdout.write(`${values.json ? JSON.stringify(rows, null, 2) : asTable(rows)}\n`)
