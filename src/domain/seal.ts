import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical.ts'
import type { Requirement } from './policy.ts'
import type { Settings } from './token.ts'

type Sealed = {
  readonly id: number
  readonly revision: number
  readonly stack: string
  readonly tokenUid: string
  readonly before: Settings
  readonly after: Settings
  readonly requirement: Requirement
}

/**
 * What an approval is bound to: this revision of this change, what it would write over what, on which token, and the rule
 * that it was asked under. When any of it differs, the seal does, and approvals of the old one count no more.
 */
export function sealOf({ id, revision, stack, tokenUid, before, after, requirement }: Sealed): string {
  const sealed = canonicalJson({ id, revision, stack, tokenUid, before, after, requirement })
  return createHash('sha256').update(`countersign seal 1\n${sealed}`).digest('hex')
}
