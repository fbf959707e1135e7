import { hash } from 'node:crypto'
import { canonicalJson } from '../canonical.ts'
import { oncePer } from '../once-per.ts'
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
 * Binds an approval to this revision of this change, what it would write over what, on which token of which stack, and
 * the rule that it was asked under. If any of it differs, so does the seal, and approvals of the old one no longer
 * count.
 */
export const sealOf: (change: Sealed) => string = oncePer(
  ({ after, before, id, requirement, revision, stack, stackKey, tokenUid }) => {
    const sealed = canonicalJson({ after, before, id, requirement, revision, stack, stackKey, tokenUid })
    return hash('sha256', `countersign seal 1\n${sealed}`)
  },
)

type Marked = Omit<Sealed, 'requirement' | 'stack' | 'stackKey'> & {
  readonly proposedAt: string
  readonly putBackAt?: string | undefined
}

/**
 * The content of a change's button, so that it decides only on what stood beside it. Numbers and revisions are given
 * again after a backup was put back, or in another database; a mark is not. A change that was open in the backup gets
 * another mark too: it may have been decided on since, and only a redrawn card says so.
 */
export const markOf: (change: Marked) => string = oncePer(
  ({ after, before, id, proposedAt, putBackAt, revision, tokenUid }) => {
    const marked = canonicalJson({ after, before, id, proposedAt, putBackAt, revision, tokenUid })
    return hash('sha256', `countersign mark 1\n${marked}`).slice(0, 16)
  },
)
