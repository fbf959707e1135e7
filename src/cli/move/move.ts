import { createHash } from 'node:crypto'
import { asTyped } from '../../domain/as-typed.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { isPostgres } from '../../domain/database-place.ts'
import { openSource, openTarget } from '../../storage/engine/moving.ts'
import { notMoved, type Row, type Source, type Table, type Target, tables } from '../../storage/moving.ts'
import { exitCodeOf, type Verified } from '../audit/report.ts'
import { auditCommand } from '../audit/settings.ts'
import { verifyEvidence } from '../audit/verify.ts'
import type { Terminal } from '../terminal.ts'
import { inWords, type MoveOptions, requirePlaces } from './ends.ts'

/**
 * Moves everything from a SQLite file into an empty database in PostgreSQL, or back into a new file: all of it, or
 * nothing. The log has to verify before, and to be the same afterwards. Resolves to the exit code: 0, or 2 if nothing was
 * moved.
 */
export function move(options: MoveOptions, terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async ({ keys }, here) => {
    requirePlaces(options)
    try {
      for (const line of await moved(options, keys)) here.tell(line)
      return 0
    } catch (error) {
      throw await inWords(error, options)
    }
  })
}

/** Resolves to what to tell. */
async function moved(options: MoveOptions, keys: Keys): Promise<string[]> {
  const source = await openSource(options.from)
  try {
    const target = await openTarget(options.to)
    try {
      const { size, head } = await requireVerified(source, keys)
      const counts = await copied(source, target)
      await requireSame(target, keys, { size, head })
      await target.finish()
      return toTell(options, counts, head)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function requireVerified(source: Source, keys: Keys): Promise<Verified> {
  const found = await verified(source, keys)
  const { intact, complete } = found
  if (exitCodeOf(found) === 0) return found
  const [first] = [intact.wrong, complete.wrong, intact.untold, complete.untold].flatMap((findings) => findings.first)
  const what = first === undefined ? '' : ` (${first.seq === null ? '' : `#${first.seq} `}${first.what})`
  const isWrong = intact.holds === false || complete.holds === false
  throw notMoved(
    source.place,
    `has a log that ${isWrong ? 'does not verify' : "can't be verified"}${what}: "${asTyped('audit verify --db')} …" gives the details, with AUDIT_KEY and AUDIT_KEY_PREVIOUS as for the app`,
  )
}

async function verified(end: Source, keys: Keys): Promise<Verified> {
  return { ...(await verifyEvidence(await end.evidence(), keys, null)), filtered: false }
}

type Counts = Readonly<Record<Table, number>>

/** Reads every row back, and throws a Refusal unless it is what was written. Resolves to how many there are. */
async function copied(source: Source, target: Target): Promise<Counts> {
  const counts = {} as Record<Table, number>
  for (const table of tables) {
    const read = createDigest()
    for await (const rows of source.rows(table)) {
      requireExact(source, table, rows)
      read.add(rows)
      await target.write(table, rows)
    }
    const kept = createDigest()
    for await (const rows of target.rows(table)) kept.add(rows)
    if (kept.hash() !== read.hash()) throw notMoved(target.place, `did not keep "${table}" as it was written there`)
    counts[table] = read.count()
  }
  return counts
}

/** Greater numbers are not read as they are. Countersign writes none. */
function requireExact(source: Source, table: Table, rows: readonly Row[]): void {
  const odd = rows.flat().find((value) => typeof value === 'number' && !Number.isSafeInteger(value))
  if (odd === undefined) return
  throw notMoved(source.place, `has a number that is too great to be moved as it is, about ${odd}, in "${table}"`)
}

function createDigest() {
  const hash = createHash('sha256')
  let count = 0
  return {
    add(rows: readonly Row[]): void {
      for (const row of rows) hash.update(`${JSON.stringify(row)}\n`)
      count += rows.length
    },
    count: () => count,
    hash: () => hash.digest('hex'),
  }
}

async function requireSame(target: Target, keys: Keys, { size, head }: { size: number; head: string }): Promise<void> {
  const found = await verified(target, keys)
  if (exitCodeOf(found) === 0 && found.size === size && found.head === head) return
  throw notMoved(target.place, 'does not have the same log as was written there')
}

function toTell({ from, to }: MoveOptions, counts: Counts, head: string): string[] {
  const { audit_events: entries, change_requests: changes, tokens } = counts
  const all = [some(entries, 'entry', 'entries'), some(changes, 'change'), some(tokens, 'token')]
  return [
    `Everything in ${from} is in ${to} as well: ${all.join(', ')}. Each row was read back and compared.`,
    entries === 0
      ? 'The log is empty.'
      : `The log verifies at both ends, and ends with #${entries} and the hash ${head}.`,
    `${nextStep(to)} Keep ${from} as a record, and start no app on it: two apps would each go on alone, and write to the same stacks.`,
  ]
}

/** Whoever moves to a server owns the tables then, which the app need not. */
function nextStep(to: string): string {
  if (!isPostgres(to)) return `Now set COUNTERSIGN_DB to ${to}, and start the app.`
  return `If the app is to run in a role of its own, now run "${asTyped('migrate --grant-to ROLE')}" with COUNTERSIGN_DB set to ${to}, and then set it to the same address with that role. Otherwise, set it to ${to}. Then start the app.`
}

function some(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`
}
