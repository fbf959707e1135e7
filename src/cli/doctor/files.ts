import { stat } from 'node:fs/promises'
import { type Check, ok, type Said, warning } from './finding.ts'

/** `database`: null for one on a server. `secrets`: files that hold some, or may. */
type Files = { readonly database: string | null; readonly config: string | null; readonly secrets: readonly string[] }

/**
 * Finds who else on this machine can read the secrets and the database, or edit the policy. Skips files that are not
 * there.
 */
export function fileChecks({ database, config, secrets }: Files): Check[] {
  const privately = [...secrets, ...(database === null ? [] : [database])].map((path) => ({
    path,
    closed: 0o077,
    says: `${path} is open to others`,
  }))
  const openly = config
    ? [{ path: config, closed: 0o022, says: `${config}, which says who may approve, can be edited by others` }]
    : []
  return [
    {
      area: 'file rights',
      look: async () => {
        const found = (await Promise.all([...openly, ...privately].map(rightsOf))).flat()
        return found.length > 0 ? found : ok(await closedInWords(privately))
      },
    },
  ]
}

/** Speaks only of the files that it looked at. */
async function closedInWords(files: readonly { readonly path: string }[]): Promise<string> {
  const there = await Promise.all(files.map(({ path }) => stat(path).catch(() => null)))
  const closed = files.flatMap(({ path }, i) => (there[i] ? [path] : []))
  return closed.length === 0
    ? 'None of the files that should be private exist yet.'
    : `Closed to other users of this machine: ${closed.join(', ')}.`
}

type Right = { readonly path: string; readonly closed: number; readonly says: string }

async function rightsOf({ path, closed, says }: Right): Promise<Said[]> {
  const found = await stat(path).catch(() => null)
  if (!found || (found.mode & closed) === 0) return []
  const mode = (found.mode & 0o777 & ~closed).toString(8)
  return [warning(`${says} on this machine.`, `chmod ${mode} ${path}`)]
}
