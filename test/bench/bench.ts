import { parseArgs } from 'node:util'
import { measure, parts, type Size } from './measure.ts'
import { asTable } from './rows.ts'

/**
 * `npm run bench`: a table. With `--json` one object instead, a key for each row. With `--quick` far too few samples to
 * mean anything, to see that the bench itself works. `npm run bench -- load looks` measures those parts alone, and
 * `--tokens 300 --seconds 10` sets how many tokens the two have, and how long a load lasts.
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
  load: { perSecond: 100, warmUp: 2, seconds: 60, tokens: [300, 2500] },
  looks: { tokens: [500, 2500, 6000], rounds: 5 },
  manyForms: { tokens: [5000, 6000], samples: 200 },
  openChanges: { changes: 10_000, rounds: 5 },
  heldEntries: 600_000,
}
const quick: Size = {
  warmUp: 1,
  help: 3,
  form: 40,
  pages: 3,
  past: 100,
  approvals: 3,
  lastApprovals: 3,
  starts: 1,
  commands: 10,
  connections: 1,
  auditEntries: 500,
  auditRounds: 1,
  load: { perSecond: 10, warmUp: 0.1, seconds: 1, tokens: [20] },
  looks: { tokens: [20], rounds: 1 },
  manyForms: { tokens: [20, 30], samples: 2 },
  openChanges: { changes: 30, rounds: 1 },
  heldEntries: 100,
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    tokens: { type: 'string', multiple: true },
    seconds: { type: 'string' },
  },
  allowPositionals: true,
})
const wanted = positionals.map((name) => {
  const part = parts.find((one) => one === name)
  if (!part) throw new Error(`There is no part "${name}" of the bench; there are ${parts.join(', ')}.`)
  return part
})
const rows = await measure(
  sized(values.quick ? quick : usual),
  (step) => process.stderr.write(`${step} …\n`),
  wanted.length > 0 ? wanted : parts,
)
process.stdout.write(`${values.json ? JSON.stringify(rows, null, 2) : asTable(rows)}\n`)

/** With the numbers of tokens and the seconds that were asked for. */
function sized(size: Size): Size {
  const tokens = values.tokens?.map(Number)
  const seconds = values.seconds === undefined ? size.load.seconds : Number(values.seconds)
  return {
    ...size,
    load: { ...size.load, seconds, ...(tokens && { tokens }) },
    looks: { ...size.looks, ...(tokens && { tokens }) },
  }
}
