import { ConfigProblems } from '../config/settings.ts'
import { fromOutside, longestAround } from '../domain/from-outside.ts'
import { endOf } from '../domain/outside-trouble.ts'
import { Refusal } from '../domain/refusal.ts'
import { visible } from '../domain/text.ts'
import { slackTrouble } from '../slack/calls/errors.ts'
import { helpsDamaged, isDamaged, troubleOf } from '../storage/sqlite/trouble.ts'
import { isClosedPipe } from './closed-pipe.ts'
import type { Terminal } from './terminal.ts'
import { userOfThisProcess } from './user.ts'

/** The place a command runs in, with every default filled in; only the configuration reads the environment. */
export type Here = Required<Omit<Terminal, 'env'>> & { readonly env: Terminal['env'] }

/** The way a command ends if it could not do its work. */
export type Failing = {
  readonly exitCode: 1 | 2
  /** Completes "Nothing was …". */
  readonly nothingWas: 'done' | 'looked up' | 'checked'
  /** Words for an error that has none of its own. */
  readonly unexpected: (error: unknown) => string
  /** Said last, if the exit code is not 0; null for nothing. */
  readonly hint: (env: Terminal['env']) => string | null
}

const failing: Failing = { exitCode: 1, nothingWas: 'done', unexpected: inShort, hint: () => null }

/**
 * The frame around every command: runs it, or says in words why it could not. Resolves to the exit code, 0 unless the
 * command gives another.
 */
export async function command(
  terminal: Terminal,
  work: (here: Here) => Promise<void> | Promise<number>,
  otherwise: Partial<Failing> = {},
): Promise<number> {
  const ends = { ...failing, ...otherwise }
  const said = new Set<string>()
  const complain = (problem: string) => {
    said.add(problem)
    terminal.complain(visible(problem))
  }
  const exitCode = await attempt(terminal, work, ends, complain)
  const hint = exitCode === 0 ? null : ends.hint(terminal.env)
  if (hint !== null && !said.has(hint)) complain(hint)
  return exitCode
}

async function attempt(
  terminal: Terminal,
  work: (here: Here) => Promise<void> | Promise<number>,
  ends: Failing,
  complain: (problem: string) => void,
): Promise<number> {
  try {
    return (await work(hereAt(terminal))) ?? 0
  } catch (error) {
    for (const problem of problemsOf(error, ends)) complain(problem)
    return ends.exitCode
  }
}

function hereAt({ env, now = () => new Date(), columns = null, user = userOfThisProcess(), ...said }: Terminal): Here {
  return { ...said, env, now, columns, user }
}

/** The reasons a command failed, a line each; empty if nobody reads on. */
export function problemsOf(
  error: unknown,
  { nothingWas, unexpected }: Pick<Failing, 'nothingWas' | 'unexpected'> = failing,
): readonly string[] {
  if (error instanceof ConfigProblems) return error.problems
  if (error instanceof Refusal) return [error.message]
  if (isClosedPipe(error)) return []
  const slackSays = slackTrouble(error)
  return [slackSays === null ? unexpected(error) : `${slackSays} Nothing was ${nothingWas}.`]
}

function inShort(error: unknown): string {
  return ofDatabase(error) ?? lineOf(error)
}

/** The trouble with the database that caused the error, and what to do; null for every other error. */
export function ofDatabase(error: unknown): string | null {
  const trouble = troubleOf(error)
  if (trouble === null) return null
  const todo = isDamaged(error)
    ? `${helpsDamaged()}, unless COUNTERSIGN_DB names the wrong file`
    : 'look at COUNTERSIGN_DB'
  return `Nothing could be read or recorded, since ${trouble}: ${todo}.`
}

/** An error in one line: a service's own words inside the app's. */
export function lineOf(error: unknown): string {
  return fromOutside(messageOf(error), [], endOf(error) === null ? undefined : longestAround)
}

/** An error's own message, uncut. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
