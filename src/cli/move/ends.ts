import { addressProblem } from '../../config/database.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { isPostgres } from '../../domain/database-place.ts'
import { Refusal } from '../../domain/refusal.ts'
import { troublesOf } from '../../storage/engine/trouble.ts'
import { notMoved } from '../../storage/moving.ts'
import { lineOf } from '../command.ts'

export type MoveOptions = {
  /** The path of a SQLite file, or the address of a database in PostgreSQL. */
  readonly from: string
  readonly to: string
}

/** Throws a Refusal unless one is an address that can be used, and the other a path. */
export function requirePlaces({ from, to }: MoveOptions): void {
  requireUsable('--from', from)
  requireUsable('--to', to)
  if (isPostgres(from) === isPostgres(to))
    throw new Refusal(
      'invalid',
      isPostgres(from)
        ? 'Both are addresses in PostgreSQL. To move from one to the other, use pg_dump and psql. Nothing was moved.'
        : `Neither is an address in PostgreSQL, which begins with postgres://. To copy one file to another, use "${asTyped('backup')}". Nothing was moved.`,
    )
}

function requireUsable(option: string, given: string): void {
  const problem = isPostgres(given) ? addressProblem(given) : null
  if (problem !== null) throw new Refusal('invalid', `${option} ${problem} Nothing was moved.`)
}

/** An error of either database in words: each of them tells which one it was. */
export async function inWords(error: unknown, { from, to }: MoveOptions): Promise<unknown> {
  if (error instanceof Refusal) return error
  for (const place of [from, to]) {
    const trouble = (await troublesOf(place)).troubleOf(error)
    if (trouble !== null) return notMoved(place, `can't be used: ${trouble} (${lineOf(firstOf(error))})`)
  }
  return error
}

/** A server may have several addresses, each with an error of its own. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : error
}
