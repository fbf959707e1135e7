import { hash } from 'node:crypto'
import { canonicalJson } from '../canonical.ts'
import type { Requirement } from '../policy/policy.ts'
import type { Settings } from '../token/token.ts'

type Sealed = {
  readonly id: number
  readonly revision: number
  readonly stack: string
  readonly stackKey?: string | undefined
  readonly tokenUid: string
  readonly before: Settings
  readonly after: Settings
  readonly requirement: Requirement
}

/**
 * What an approval is bound to: this revision of this change, what it would write over what, on which token of
 * which stack, and the rule that it was asked under. When any of it differs, the seal does, and approvals of the old one count no more.
 */
export function sealOf(change: Sealed): string {
  const known = seals.get(change)
  if (known !== undefined) return known
  const { after, before, id, requirement, revision, stack, stackKey, tokenUid } = change
  const sealed = canonicalJson({ after, before, id, requirement, revision, stack, stackKey, tokenUid })
  const seal = hash('sha256', `countersign seal 1\n${sealed}`)
  seals.set(change, seal)
  return seal
}

type Marked = Omit<Sealed, 'requirement' | 'stack' | 'stackKey'> & {
  readonly proposedAt: string
  readonly putBackAt?: string | undefined
}

/**
 * What a button on a change carries, so that it decides on nothing but what stood beside it. Numbers and revisions are given
 * again after a backup was put back, or in another database; a mark is not. Nor is that of what was open in the backup: it may
 * have been decided on since, and only what is drawn anew says so.
 */
export function markOf({ after, before, id, proposedAt, putBackAt, revision, tokenUid }: Marked): string {
  const marked = canonicalJson({ after, before, id, proposedAt, putBackAt, revision, tokenUid })
  return hash('sha256', `countersign mark 1\n${marked}`).slice(0, 16)
}

/** A change is a value that nothing alters, and one decision asks for its seal several times. */
const seals = new WeakMap<Sealed, string>()
