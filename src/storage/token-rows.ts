import { settings, type Token } from '../domain/token/token.ts'
import { readOnce } from './read-once.ts'
import type { ReadRow } from './unreadable-rows.ts'

/** The row of a token: the last look at it. All instants are ISO. */
export type Known = {
  readonly stack: string
  readonly uid: string
  readonly settings: string
  /** When the look that saw it this way was over. */
  readonly seenAt: string
  readonly editedAt: string | null
  readonly editedBy: string | null
  readonly missingSince: string | null
  readonly goneAt: string | null
}

/** A token as it is known; null if it can't be read. */
export type AsToken = (known: Pick<Known, 'stack' | 'uid' | 'settings'>) => Token | null

export function readsTokens(readRow: ReadRow): AsToken {
  const readSettings = readOnce(settings)
  return ({ stack, uid, settings: json }) => {
    const name = `${stack} ${uid}`
    return readRow('tokens', name, () => ({ stack, uid, settings: readSettings(name, json) }))
  }
}

/** A token as a look saw it. */
export type Seen = Omit<Known, 'seenAt' | 'missingSince' | 'goneAt'>

export function seenIn({ stack, uid, settings, edited }: Token): Seen {
  return {
    stack,
    uid,
    settings: JSON.stringify(settings),
    editedAt: edited?.at ?? null,
    editedBy: edited?.by ?? null,
  }
}
