import type { Fact } from '../domain/audit/fact.ts'
import { contentDigest } from '../domain/content-digest.ts'
import { policyDigest } from '../domain/policy/digest.ts'
import type { Policy } from '../domain/policy/policy.ts'
import type { LogReads, LogWrites } from '../ports/log.ts'

type Start = {
  store: LogReads & LogWrites
  version: string
  /** Of each stack, by its name. */
  policies: ReadonlyMap<string, Policy>
  /** All that may be in the log of how the app is set up: no secret. */
  settings: Readonly<Record<string, unknown>>
  /** What else the log is to have of this start. */
  others?: readonly Fact[]
}

/** Keeps in the log that the app starts, and under which policies and settings everything that follows happens. */
export async function noteStart({ store, version, policies, settings, others = [] }: Start): Promise<void> {
  const loaded = [...policies].map(([stack, policy]): Fact => {
    return { type: 'policy_loaded', stack, digest: policyDigest(policy), rules: policy.rules.map(({ name }) => name) }
  })
  const digest = contentDigest(settings)
  const isAsBefore = (await store.lastFact('settings_changed'))?.digest === digest
  const changed: Fact[] = isAsBefore ? [] : [{ type: 'settings_changed', digest, settings }]
  await store.noteAll([{ type: 'started', version, oneWayKeys: true }, ...loaded, ...changed, ...others], 'app')
}
