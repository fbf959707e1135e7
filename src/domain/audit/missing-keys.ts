import { isKeyId } from './chain.ts'

/** The id of a key that is not at hand and made some entries: nobody can judge them without it. */
export type MissingKey = { readonly missingKey: string }

/** The keys in the log after the first entries of open changes. */
export type KeysSince = {
  /** Each open change, with its first entry. */
  readonly firsts: readonly { readonly id: number; readonly seq: number }[]
  /** Each key, with the last entry that it made. */
  readonly lasts: readonly { readonly key: string; readonly seq: number }[]
  /** Keys that nobody has any more, by the log: changes asked for under them fail. */
  readonly lost: readonly string[]
}

/** A key, and the open changes that can't be written to their stack without it. */
export type KeyNeeded = { readonly key: string; readonly changes: readonly number[] }

/** The keys not among `atHand` without which open changes can't be checked against the log. */
export function keysLacking({ firsts, lasts, lost }: KeysSince, atHand: readonly string[]): KeyNeeded[] {
  return lasts
    .filter(({ key }) => isKeyId(key) && !atHand.includes(key) && !lost.includes(key))
    .map(({ key, seq: last }) => ({ key, changes: firsts.filter(({ seq }) => seq <= last).map(({ id }) => id) }))
    .filter(({ changes }) => changes.length > 0)
}

/** The reason a change asked for under a key that is not at hand has to wait, as a clause with what to do. */
export function untilKeyIsGiven({ missingKey }: MissingKey): string {
  return `this change can't be checked against the audit log: part of the log was written with the key ${missingKey}, which Countersign has not been given. Whoever runs Countersign has to add that key to AUDIT_KEY_PREVIOUS and start it again; then this continues by itself`
}
