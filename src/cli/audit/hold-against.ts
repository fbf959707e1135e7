import type { Led } from '../../domain/audit/replay.ts'
import type { Verifier } from '../../domain/audit/verify.ts'
import type { Evidence } from '../../ports/evidence.ts'

/** Changes read at once: one by one, each would wait for a server, and more of them take more memory. */
const atOnce = 64

/** Feeds the whole log to the verifier, and compares the result with what is stored beside it. */
export async function holdAgainst(evidence: Omit<Evidence, 'close'>, verifier: Verifier): Promise<void> {
  const { feed, ended, open, changes, counts, logEnded } = verifier
  for await (const entries of evidence.entries()) {
    for (const entry of entries) feed(entry)
    await compare(ended())
  }
  logEnded()
  await compare(open())
  if (!changes.isAll(await evidence.count())) for (const id of await evidence.withoutProposal()) changes.unproposed(id)
  for (const told of counts.open()) counts.compare(told, await evidence.counted(told.key, told.since))

  async function compare(led: readonly Led[]): Promise<void> {
    for (let from = 0; from < led.length; from += atOnce) {
      const some = led.slice(from, from + atOnce)
      const rows = await evidence.rows(some.map(({ change }) => change.id))
      for (const one of some) changes.compare(one, rows.get(one.change.id))
    }
  }
}
