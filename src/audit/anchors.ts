import { z } from 'zod'
import type { KeptCheckpoint } from '../domain/anchor-check.ts'
import type { Checkpoint } from '../domain/chain.ts'
import { Refusal } from '../domain/refusal.ts'
import { linesOf, parsed } from './lines.ts'

/** A line of a file of anchors. It may say more, such as when it was taken. */
const checkpoint = z.object({ size: z.int().nonnegative(), head: z.string(), digest: z.string() })

/** Reads the anchors in a file, one JSON object a line. Throws a Refusal for one that can't be read. */
export async function readAnchors(path: string): Promise<KeptCheckpoint[]> {
  const anchors: KeptCheckpoint[] = []
  for await (const { line, number } of linesOf(path)) {
    const from = `line ${number} of ${path}`
    anchors.push({ ...anchorIn(line, from), from })
  }
  return anchors
}

function anchorIn(line: string, from: string): Checkpoint {
  const found = checkpoint.safeParse(parsed(line))
  if (found.success) return found.data
  throw new Refusal(
    'invalid',
    `${from} is no anchor: one is a line such as {"size":…,"head":…,"digest":…}. Nothing was checked.`,
  )
}
