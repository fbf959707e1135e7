import { parseArgs } from 'node:util'
import { measure, parts, type Size } from './measure.ts'
import { asTable } from './rows.ts'
import { quick, usual } from './sizes.ts'

/**
 * `npm run bench` prints a table; with `--json`, one object with a key for each row. `--quick` takes far too few
 * samples to mean anything, to check that the bench itself works. `npm run bench -- load looks` measures only those
 * parts, and `--tokens 300 --seconds 10` sets their numbers of tokens, and how long a load lasts.
 */
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

/** With the numbers of tokens and seconds from the command line. */
function sized(size: Size): Size {
  const tokens = values.tokens?.map(Number)
  const lasting = values.seconds !== undefined && { seconds: Number(values.seconds) }
  return {
    ...size,
    load: { ...size.load, ...lasting, ...(tokens && { tokens }) },
    looks: { ...size.looks, ...(tokens && { tokens }) },
    instances: { ...size.instances, ...lasting },
  }
}
