import { ConfigProblems, loadAudit } from '../../config.ts'
import { auditKey, earlierKeys } from '../../domain/chain.ts'
import type { Keys } from '../../domain/chain-check.ts'
import { Refusal } from '../../domain/refusal.ts'
import { isClosedPipe } from '../closed-pipe.ts'

export type Around = {
  /** Gets what was found out. */
  readonly tell: (line: string) => void
  /** Gets what went wrong. */
  readonly complain: (line: string) => void
  /** The process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export type SlackAccess = { readonly botToken: string; readonly apiUrl: string | null }

export type Settings = { readonly database: string; readonly keys: Keys; readonly slack: SlackAccess | null }

/** Throws ConfigProblems for keys that can't be read or are too short. */
export function auditSettings({ env }: Around): Settings {
  const config = loadAudit(env)
  const earlier = earlierKeys(config.earlierKeys)
  return { database: config.database, slack: config.slack, keys: { current: auditKey(config.auditKey), earlier } }
}

/**
 * The exit code of `work`; 2 when it could not be done, which is said in words unless nobody reads on. What nobody
 * expected is told whole, and ends with 2 as well: 1 would say that something is wrong with the log.
 */
export async function orComplain(around: Around, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    for (const problem of problemsOf(error)) around.complain(problem)
    return 2
  }
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigProblems) return error.problems
  if (error instanceof Refusal) return [error.message]
  if (isClosedPipe(error)) return []
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
}
