import { createHmac } from 'node:crypto'
import { createReadStream } from 'node:fs'

/**
 * The floor for verifying a log: `node bare-hash.ts <file> <key>` reads the very texts that the entries' hashes are
 * made of, one a line, and hashes each. It compares nothing, and keeps nothing.
 */
const [path, secret] = process.argv.slice(2)
let rest = ''
let last = ''
for await (const chunk of createReadStream(path!, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop()!
  for (const line of lines) last = createHmac('sha256', secret!).update(line).digest('hex')
}
process.stdout.write(`${last}\n`)
