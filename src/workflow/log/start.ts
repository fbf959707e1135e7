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
export async function noteStart(start: Start): Promise<void> {
  await noteAfter([{ type: 'started', version: start.version, oneWayKeys: true }], start)
}

/** Logs the policies and settings that the running app goes on with. */
export async function noteReload(settings: Noted): Promise<void> {
  await noteAfter([], settings)
}

type Noted = Omit<Start, 'version'>

async function noteAfter(first: readonly Fact[], { store, policies, settings, others = [] }: Noted): Promise<void> {
  const loaded = [...policies].map(([stack, policy]): Fact => {
    return { type: 'policy_loaded', stack, digest: policyDigest(policy), rules: policy.rules.map(({ name }) => name) }
  })
  const digest = contentDigest(settings)
  const isAsBefore = (await store.lastFact('settings_changed'))?.digest === digest
  const changed: Fact[] = isAsBefore ? [] : [{ type: 'settings_changed', digest, settings }]
  await store.noteAll([...first, ...loaded, ...changed, ...others], 'app')
}
