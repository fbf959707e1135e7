import type { Entry } from '../../src/domain/audit/chain-check.ts'
import type { Evidence } from '../../src/ports/evidence.ts'

export async function entriesOf(evidence: Evidence): Promise<Entry[]> {
  const found: Entry[] = []
  for await (const entries of evidence.entries()) found.push(...entries)
  return found
}
