import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { StackConfig } from '../config/settings.ts'
import type { Credential } from '../contentstack/credential.ts'
import type { Clocks } from './clocks.ts'
import { credentialOf } from './credential-of.ts'

/**
 * The credentials of stacks. One of OAuth may hold a grant that could not be stored yet and that nobody else has, so it
 * stays the same as long as the settings for it do.
 */
export function createCredentials(clocks: Clocks) {
  const known: { readonly stack: StackConfig; readonly credential: Credential }[] = []
  return { credentialFor, settled }

  function credentialFor(stack: StackConfig): Credential {
    if (!stack.oauth) return credentialOf(stack, clocks)
    const { name, oauth } = stack
    const same = known.find((one) => one.stack.name === name && isDeepStrictEqual(one.stack.oauth, oauth))
    if (same) return same.credential
    const credential = credentialOf(stack, clocks)
    known.push({ stack, credential })
    return credential
  }

  /** Resolves once none holds what would be lost with this process, or at `by` (of `performance.now()`). */
  async function settled(by: number): Promise<void> {
    const late = new AbortController()
    const all = Promise.all(known.map(({ credential }) => credential.settled()))
    const limit = wait(Math.max(0, by - performance.now()), undefined, { signal: late.signal }).catch(() => {})
    await Promise.race([all, limit]).finally(() => late.abort())
  }
}
