import { z } from 'zod'
import { linesOf, parsed } from '../../anchors/lines.ts'
import type { Anchors } from '../../domain/audit/anchor-check.ts'
import { type AuditKey, type Checkpoint, checkpointOf } from '../../domain/audit/chain.ts'
import type { Keys, Linked } from '../../domain/audit/chain-check.ts'
import { createVerifier, type Verification } from '../../domain/audit/verify.ts'
import { Refusal } from '../../domain/refusal.ts'

/** The first line says what the file is, and what was left out. */
const head = z.object({
  countersign: z.literal('audit export'),
  format: z.literal(1),
  since: z.string().nullable(),
  token: z.object({ stack: z.string(), uid: z.string() }).nullable(),
})

/**
 * The last line says where the log stood: a checkpoint, how many entries were exported, and, if its database is defined
 * differently from Countersign's, how, in words.
 */
const tail = z.object({
  size: z.int(),
  head: z.string(),
  digest: z.string(),
  entries: z.int(),
  schema: z.array(z.string()).default([]),
})
type Tail = z.infer<typeof tail>

type Filter = Pick<z.infer<typeof head>, 'since' | 'token'>

export function exportHead({ since, token }: Filter): string {
  return `${JSON.stringify({ countersign: 'audit export', format: 1, since, token })}\n`
}

/** Everything the hash covers, with the body's exact text, and everything needed to check the hash. */
export function exportLine(entry: Linked): string {
  const { seq, at, actor, changeId, type, body, version, key, previous, hash } = entry
  return `${JSON.stringify({ seq, at, actor, changeId, type, body, version, key, previous, hash })}\n`
}

/** Marks the end, so that an export that was cut off can be told from a complete one. It also works as an anchor. */
export function exportTail(checkpoint: Checkpoint, entries: number, schema: readonly string[]): string {
  return `${JSON.stringify({ ...checkpoint, entries, ...(schema.length > 0 && { schema }) })}\n`
}

const linked = z.object({
  seq: z.int(),
  at: z.string(),
  actor: z.string(),
  changeId: z.int().nullable(),
  type: z.string(),
  body: z.string(),
  version: z.int(),
  key: z.string().nullable(),
  previous: z.string(),
  hash: z.string().nullable(),
})

type Given = { readonly keys: Keys; readonly anchors: Anchors }

/** Verifies an export without its database. Throws a Refusal if the file is not an export. */
export async function verifyExport(path: string, given: Given): Promise<Verification & { filtered: boolean }> {
  const lines = linesOf(path)[Symbol.asyncIterator]()
  const filtered = isFiltered(path, await lines.next())
  const verifier = createVerifier({ ...given, isStored: false, gaps: filtered, now: new Date() })
  const rest = { [Symbol.asyncIterator]: () => lines }
  let last: Linked | undefined
  let entries = 0
  let end: Tail | undefined
  for await (const { line, number } of rest) {
    const said = parsed(line)
    const entry = linked.safeParse(said).data
    if (end) verifier.wrong(null, `line ${number} of ${path} comes after its end`)
    else if (entry) {
      verifier.feed(entry, entry.previous)
      last = entry
      entries++
    } else {
      end = tail.safeParse(said).data
      if (!end) verifier.wrong(null, `line ${number} of ${path} can't be read`)
    }
  }
  checkEnd({ end, entries, last, filtered, keys: given.keys }, verifier)
  return { ...verifier.end(), filtered }
}

function isFiltered(path: string, first: IteratorResult<{ line: string }>): boolean {
  const { data } = head.safeParse(first.done ? undefined : parsed(first.value.line))
  if (!data) throw new Refusal('invalid', `${path} does not start like an ndjson export. Nothing was checked.`)
  return data.since !== null || data.token !== null
}

type Ended = { end: Tail | undefined; entries: number; last: Linked | undefined; filtered: boolean; keys: Keys }

/** The last line is a checkpoint of the whole log, so nobody can make one up for an export that was cut off. */
function checkEnd({ end, entries, last, filtered, keys }: Ended, verifier: ReturnType<typeof createVerifier>): void {
  if (!end) {
    verifier.wrong(null, 'the end of the export is missing: it was cut off')
    return
  }
  for (const what of end.schema) verifier.wrong(null, `in the database of this export, ${what}`)
  const fits = (key: AuditKey) => checkpointOf(end.size, end.head, key).digest === end.digest
  const keyed = [keys.current, ...keys.earlier].some((key) => key !== null && fits(key))
  const ends = filtered || (end.size === (last?.seq ?? 0) && (!last?.hash || last.hash === end.head))
  if (end.entries !== entries)
    verifier.wrong(null, `the export has ${entries} entries, but its last line says ${end.entries}`)
  else if (!ends) verifier.wrong(null, 'the last entry of the export is not the one that its last line names')
  else if (!keyed && !fits(null))
    verifier.untold(null, 'the last line of the export was made with a key that you have not given, or is made up')
  else if (!keyed && last?.key)
    verifier.untold(null, 'the export was made without AUDIT_KEY, so its last line may be made up')
}
