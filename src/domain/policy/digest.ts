import { contentDigest } from '../content-digest.ts'
import type { Policy } from './policy.ts'

/** Names a policy in the log, and in each change that was requested under it. */
export function policyDigest(policy: Policy): string {
  const known = digests.get(policy)
  if (known !== undefined) return known
  const digest = contentDigest(policy)
  digests.set(policy, digest)
  return digest
}

/** A policy never changes in memory, and every decision needs its digest. */
const digests = new WeakMap<Policy, string>()
