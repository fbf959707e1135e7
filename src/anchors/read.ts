import { z } from 'zod'
import type { KeptCheckpoint } from '../domain/audit/anchor-check.ts'
import { Refusal } from '../domain/refusal.ts'
import { linesOf, parsed } from './lines.ts'

/** A line of a file of anchors. It may have more fields. `at`: when the checkpoint was taken. */
const checkpoint = z.object({
  size: z.int().nonnegative(),
  head: z.string(),
  digest: z.string(),
  at: z.string().optional().catch(undefined),
})

/** Reads the anchors in a file, one JSON object a line. Throws a Refusal for a line that can't be read. */
export async function readAnchors(path: string): Promise<KeptCheckpoint[]> {
  const anchors: KeptCheckpoint[] = []
  for await (const { found, from } of anchorsIn(path)) {
    if (found === null)
      throw new Refusal(
        'invalid',
        `${from} is not an anchor: one is a line such as {"size":…,"head":…,"digest":…}. Nothing was checked.`,
      )
    anchors.push(found)
  }
  return anchors
}

/**
 * The same, skipping lines that are not anchors, like one cut off by a full disk. Throws a Refusal if the file can't be
 * read.
 */
export async function legibleAnchors(path: string): Promise<KeptCheckpoint[]> {
  const anchors: KeptCheckpoint[] = []
  for await (const { found } of anchorsIn(path)) if (found !== null) anchors.push(found)
  return anchors
}

async function* anchorsIn(path: string): AsyncIterable<{ found: KeptCheckpoint | null; from: string }> {
  for await (const { line, number } of linesOf(path)) {
    const from = `line ${number} of ${path}`
    const { data } = checkpoint.safeParse(parsed(line))
    yield { found: data ? keptAs(data, from) : null, from }
  }
}

function keptAs({ at, ...kept }: z.infer<typeof checkpoint>, from: string): KeptCheckpoint {
  return { ...kept, from, ...(at !== undefined && { at }) }
}
