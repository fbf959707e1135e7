import type { Fact } from '../../domain/audit/fact.ts'
import { contentDigest } from '../../domain/content-digest.ts'
import { policyDigest } from '../../domain/policy/digest.ts'
import type { Policy } from '../../domain/policy/policy.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'

type Start = {
  store: LogReads & LogWrites
  version: string
  /** For each stack, by name. */
  policies: ReadonlyMap<string, Policy>
  /** The part of the setup that may be in the log: no secrets. */
  settings: Readonly<Record<string, unknown>>
  /** Anything else to log about this start. */
  others?: readonly Fact[]
}

/** Logs that the app starts, and the policies and settings for everything that follows. */
export async function noteStart({ store, version, policies, settings, others = [] }: Start): Promise<void> {
  const loaded = [...policies].map(([stack, policy]): Fact => {
    return { type: 'policy_loaded', stack, digest: policyDigest(policy), rules: policy.rules.map(({ name }) => name) }
  })
  const digest = contentDigest(settings)
  const isAsBefore = (await store.lastFact('settings_changed'))?.digest === digest
  const changed: Fact[] = isAsBefore ? [] : [{ type: 'settings_changed', digest, settings }]
  await store.noteAll([{ type: 'started', version, oneWayKeys: true }, ...loaded, ...changed, ...others], 'app')
}
