import { breathe } from '../breathe.ts'
import type { ChangeReads, StoredChange } from '../ports/changes.ts'

/** Changes read in one go: some milliseconds. */
const atOnce = 100

/** All open changes, newest first, in runs between which everything else has its turn. */
export async function* openInRuns(
  store: Pick<ChangeReads, 'openChangesBefore'>,
  pause = breathe,
): AsyncGenerator<readonly StoredChange[]> {
  for (let before = Number.MAX_SAFE_INTEGER; ; await pause()) {
    const run = await store.openChangesBefore(before, atOnce)
    if (run.length > 0) yield run
    if (run.length < atOnce) return
    before = run.at(-1)!.change.id
  }
}
