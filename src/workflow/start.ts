import { contentDigest } from '../domain/content-digest.ts'
import type { Policy } from '../domain/policy.ts'
import { policyDigest } from '../domain/policy-digest.ts'
import type { Store } from '../ports.ts'

type Start = {
  store: Pick<Store, 'note' | 'lastFact'>
  version: string
  /** Of each stack, by its name. */
  policies: ReadonlyMap<string, Policy>
  /** All that may be in the log of how the app is set up: no secret. */
  settings: Readonly<Record<string, unknown>>
}

/** Keeps in the log that the app starts, and under which policies and settings everything that follows happens. */
export async function noteStart({ store, version, policies, settings }: Start): Promise<void> {
  await store.note({ type: 'started', version }, 'app', null)
  for (const [stack, policy] of policies) {
    const rules = policy.rules.map(({ name }) => name)
    await store.note({ type: 'policy_loaded', stack, digest: policyDigest(policy), rules }, 'app', null)
  }
  const digest = contentDigest(settings)
  if ((await store.lastFact('settings_changed'))?.digest !== digest)
    await store.note({ type: 'settings_changed', digest, settings }, 'app', null)
}
