import { z } from 'zod'
import type { KeptCheckpoint } from '../domain/audit/anchor-check.ts'
import { Refusal } from '../domain/refusal.ts'
import { linesOf, parsed } from './lines.ts'

/** A line of a file of anchors. It may say more. `at`: when it was taken. */
const checkpoint = z.object({
  size: z.int().nonnegative(),
  head: z.string(),
  digest: z.string(),
  at: z.string().optional().catch(undefined),
})

/** Reads the anchors in a file, one JSON object a line. Throws a Refusal for one that can't be read. */
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

/** The same without the lines that are none, such as one that a full disk has cut. Throws a Refusal for a file that can't be read. */
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
