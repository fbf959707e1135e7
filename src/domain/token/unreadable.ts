import { distinct } from '../look-alikes.ts'
import type { Token } from './token.ts'

/** A token that a stack lists and that can't be read, so that nothing about it can be changed here; and why, as a clause. */
export type Unreadable = {
  readonly uid: string
  /** Null where even that can't be read. */
  readonly name: string | null
  readonly why: string
}

/** The same, and where it is. */
export type UnreadableThere = Unreadable & { readonly stack: string }

const longestName = 100

/** Of a record as the stack gave it. */
export function unreadable(uid: string, record: unknown, why: string): Unreadable {
  const name = typeof record === 'object' && record !== null && 'name' in record ? record.name : null
  return { uid, name: typeof name === 'string' ? name.slice(0, longestName) : null, why }
}

export function unreadableInWords({ uid, name, why }: Unreadable, stack: string): string {
  const called = name === null ? uid : `${distinct(name)} (${uid})`
  return `${called} on ${stack} can't be read (${why}), so it can't be changed here: change it in Contentstack.`
}

/** Those whose name or uid holds what was typed. */
export function unreadableLike<T extends Unreadable>(all: readonly T[], typed: string): T[] {
  const wanted = typed.trim().toLowerCase()
  return all.filter(({ uid, name }) => `${name ?? ''} ${uid}`.toLowerCase().includes(wanted))
}

/** Those that are none of these tokens: what was seen of one before it could no longer be read may still be known. */
export function amongNone<T extends UnreadableThere>(
  unreadable: readonly T[],
  tokens: readonly Pick<Token, 'stack' | 'uid'>[],
): T[] {
  const keyOf = ({ stack, uid }: Pick<Token, 'stack' | 'uid'>) => `${stack} ${uid}`
  const known = new Set(unreadable.length > 0 ? tokens.map(keyOf) : [])
  return unreadable.filter((one) => !known.has(keyOf(one)))
}

/** The one that is meant by a name or uid, if it is one of these. */
export function amongUnreadable<T extends Unreadable>(all: readonly T[], typed: string): T | undefined {
  const wanted = typed.trim().toLowerCase()
  return all.find(({ uid, name }) => uid === typed.trim() || name?.trim().toLowerCase() === wanted)
}
