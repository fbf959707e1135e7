import { anchorsIn, goneFrom } from '../../app/anchored.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { putBackProblem } from '../../domain/audit/put-back.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { contradictedIn } from '../../storage/engine/contradicted.ts'
import { type Check, error, reasonOf, type Said, warning } from './finding.ts'

type BorneOut = {
  readonly database: string
  /** The file that `anchors.file` names; null without it. */
  readonly file: string | null
  readonly keys: Keys
  readonly inspection: () => Promise<Inspection | null>
}

/** Checks that the anchors in the file were taken of this log; has nothing to say if so. */
export function borneOutCheck({ database, file, keys, inspection }: BorneOut): Check {
  return {
    area: 'anchors',
    look: async () => {
      const said: Said[] = []
      const unread = (failure: unknown) =>
        said.push(warning(`The log was not checked against ${file}: ${reasonOf(failure)}`))
      const anchored = await anchorsIn(file, unread)
      const found = file === null ? null : await inspection()
      const gone = goneFrom(file, found?.lastAnchors ?? {})
      if (gone !== null) said.push(warning(`The log was not checked against ${file}: ${gone}`))
      // A file of another version may keep its entries differently.
      if (
        file === null ||
        anchored.length === 0 ||
        !found ||
        found.faults.length > 0 ||
        found.pending > 0 ||
        found.isNewer
      )
        return said
      const contradicted = await contradictedIn(database, anchored, keys, new Date())
      const problem = putBackProblem(database, file, contradicted)
      return problem === null ? said : [...said, error(problem)]
    },
  }
}
