import type { Writable } from 'node:stream'
import { type AuditKey, checkpointOf, entryHash, genesis } from '../../domain/audit/chain.ts'
import type { Entry } from '../../domain/audit/chain-check.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Evidence } from '../../ports/evidence.ts'
import { isClosedPipe } from '../closed-pipe.ts'
import { csvHeader, csvOf } from './csv.ts'
import { exportHead, exportLine, exportTail } from './export-file.ts'

export type Format = 'ndjson' | 'csv'

export type Wanted = {
  readonly format: Format
  /**
   * Starts with the first entry dated at or after this instant; all later entries follow, whatever the clock showed.
   */
  readonly since: string | null
  /** Entries about this token. */
  readonly token: { readonly stack: string; readonly uid: string } | null
}

const tellsOfKeys: ReadonlySet<string> = new Set(['key_left', 'key_lost'])

/** Roughly how many characters are passed on at once. */
const block = 64 * 1024

/** How many entries were written, and the number and the key of the log's last one; 0 and null if it is empty. */
export type Exported = { entries: number; size: number; lastKey: string | null }

/** Writes the wanted entries as fast as `out` takes them, with only a few in memory at any time. */
export async function exportLog(evidence: Evidence, wanted: Wanted, key: AuditKey, out: Writable): Promise<Exported> {
  const exported: Exported = { entries: 0, size: 0, lastKey: null }
  // Errors are known from the write itself; without a listener, the event would end the process.
  out.on('error', () => {})
  for await (const block of inBlocks(textsFor(evidence, wanted, key, exported))) await written(out, block)
  return exported
}

function written(out: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => out.write(text, (error) => (error ? reject(inTheWay(error)) : resolve())))
}

function inTheWay(error: Error): Error {
  if (isClosedPipe(error)) return error
  return new Refusal(
    'unavailable',
    `The export could not be written (${error.message}): what was written so far is incomplete.`,
  )
}

async function* inBlocks(texts: AsyncIterable<string>): AsyncIterable<string> {
  let text = ''
  for await (const some of texts) {
    text += some
    if (text.length < block) continue
    yield text
    text = ''
  }
  yield text
}

/** The lines of the export, in chunks of many. */
async function* textsFor(evidence: Evidence, wanted: Wanted, key: AuditKey, exported: Exported): AsyncIterable<string> {
  const { format, since, token } = wanted
  const isAbout = token ? await evidence.isAbout(token) : () => true
  const lineOf = format === 'csv' ? csvOf : exportLine
  yield format === 'csv' ? csvHeader : exportHead({ since, token })
  let head: string = genesis
  let hasBegun = false
  for await (const entries of evidence.entries()) yield entries.map(lineFor).join('')
  if (format === 'ndjson') yield exportTail(checkpointOf(exported.size, head, key), exported.entries, evidence.schema)

  /** Empty if the entry is not wanted. */
  function lineFor(entry: Entry): string {
    const previous = head
    exported.size = entry.seq
    head = entry.hash ?? entryHash(previous, entry, null)
    exported.lastKey = entry.key
    hasBegun ||= since === null || entry.at >= since
    const isWanted = hasBegun && isAbout(entry)
    // Without it, entries that have no key on purpose could not be told from made-up ones.
    if (!isWanted && !tellsOfKeys.has(entry.type)) return ''
    exported.entries++
    return lineOf({ ...entry, previous })
  }
}
