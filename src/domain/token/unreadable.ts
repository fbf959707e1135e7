import { distinct } from '../look-alikes.ts'
import type { Token } from './token.ts'

/**
 * A token that a stack lists but that can't be read, so nothing about it can be changed here; with the reason, as a
 * clause.
 */
export type Unreadable = {
  readonly uid: string
  /** Null if even that can't be read. */
  readonly name: string | null
  readonly why: string
}

/** The same, and its stack. */
export type UnreadableThere = Unreadable & { readonly stack: string }

const longestName = 100

/** Made from a record as the stack gave it. */
export function unreadable(uid: string, record: unknown, why: string): Unreadable {
  const name = typeof record === 'object' && record !== null && 'name' in record ? record.name : null
  return { uid, name: typeof name === 'string' ? name.slice(0, longestName) : null, why }
}

export function unreadableInWords({ uid, name, why }: Unreadable, stack: string): string {
  const called = name === null ? uid : `${distinct(name)} (${uid})`
  return `${called} on ${stack} can't be read (${why}), so it can't be changed here: change it in Contentstack.`
}

/** Those whose name or uid contains the typed text. */
export function unreadableLike<T extends Unreadable>(all: readonly T[], typed: string): T[] {
  const wanted = typed.trim().toLowerCase()
  return all.filter(({ uid, name }) => `${name ?? ''} ${uid}`.toLowerCase().includes(wanted))
}

/** Those that are none of these tokens: an earlier look may have seen one before it became unreadable. */
export function amongNone<T extends UnreadableThere>(
  unreadable: readonly T[],
  tokens: readonly Pick<Token, 'stack' | 'uid'>[],
): T[] {
  const keyOf = ({ stack, uid }: Pick<Token, 'stack' | 'uid'>) => `${stack} ${uid}`
  const known = new Set(unreadable.length > 0 ? tokens.map(keyOf) : [])
  return unreadable.filter((one) => !known.has(keyOf(one)))
}

/** The one with this name or uid, if there is one. */
export function amongUnreadable<T extends Unreadable>(all: readonly T[], typed: string): T | undefined {
  const wanted = typed.trim().toLowerCase()
  return all.find(({ uid, name }) => uid === typed.trim() || name?.trim().toLowerCase() === wanted)
}
