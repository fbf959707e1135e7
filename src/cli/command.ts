import { ConfigProblems } from '../config.ts'
import { fromOutside } from '../domain/from-outside.ts'
import { Refusal } from '../domain/refusal.ts'
import { visible } from '../domain/text.ts'
import { slackTrouble } from '../slack/errors.ts'
import { troubleOf } from '../storage/trouble.ts'

/** What lies around a command at a terminal. What is left out is the process's own. */
export type Around = {
  /** Gets what was asked for, line by line. */
  readonly tell: (line: string) => void
  /** Gets what is wrong. */
  readonly complain: (line: string) => void
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly now?: () => Date
  /** How many characters fit into a line; null where nobody looks, and nothing is cut. */
  readonly columns?: number | null
  /** Who types, as this machine knows them. */
  readonly user?: string
}

/** Runs a command. Resolves to false when it failed, having said why. */
export async function atTerminal({ complain }: Around, command: () => Promise<void>): Promise<boolean> {
  try {
    await command()
    return true
  } catch (error) {
    for (const problem of problemsOf(error)) complain(visible(problem))
    return false
  }
}

/** Why a command failed. `nothingWas`: what it did not do. */
export function problemsOf(error: unknown, nothingWas = 'done'): readonly string[] {
  if (error instanceof ConfigProblems) return error.problems
  if (error instanceof Refusal) return [error.message]
  const slackSays = slackTrouble(error)
  if (slackSays !== null) return [`${slackSays} Nothing was ${nothingWas}.`]
  const trouble = troubleOf(error)
  if (trouble !== null) return [`Nothing could be read or recorded, since ${trouble}: look at COUNTERSIGN_DB.`]
  return [fromOutside(error instanceof Error ? error.message : String(error))]
}
