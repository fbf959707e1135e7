import { contentDigest } from '../content-digest.ts'
import type { Policy } from './policy.ts'

/** The digest that the log knows a policy by, and that a change keeps of the policy it was asked under. */
export function policyDigest(policy: Policy): string {
  const known = digests.get(policy)
  if (known !== undefined) return known
  const digest = contentDigest(policy)
  digests.set(policy, digest)
  return digest
}

/** A policy is a value that nothing alters, and every decision asks for its digest. */
const digests = new WeakMap<Policy, string>()
