import { onTestFinished } from 'vitest'
import type { Policy } from '../../src/domain/policy.ts'
import { openStore } from '../../src/storage/store.ts'
import { createApplier } from '../../src/workflow/apply.ts'
import { createCatchUp } from '../../src/workflow/catch-up.ts'
import { createChanges } from '../../src/workflow/changes.ts'
import { createRecordingChat } from './chat.ts'
import { createClock } from './clock.ts'
import { temporaryFile } from './file.ts'
import { createStackInMemory } from './stack.ts'
import { alice, bob, policy, proposal } from './world.ts'

/** Seconds that a write may take, and that a lease holds. */
export const writeSeconds = 20
export const leaseSeconds = 60

/** What lies around the app: a database file, a stack, a chat, a clock, the policy in force. */
export function createOutside() {
  return {
    path: temporaryFile(),
    stack: createStackInMemory(),
    chat: createRecordingChat(),
    clock: createClock(),
    policy: policy as Policy,
  }
}

export type Outside = ReturnType<typeof createOutside>
export type Core = ReturnType<typeof startCore>

/** One process of the app, without Slack and the page around it. Start another on the same `outside` for a second one. */
export function startCore(outside: Outside, processId = 'first') {
  const { chat, clock, path, stack } = outside
  const now = clock.now
  const policyFor = () => outside.policy
  const store = openStore(path, now)
  onTestFinished(store.close)
  const failures: string[] = []
  const applier = createApplier({
    store,
    stackFor: () => stack.api,
    policyFor,
    now,
    processId,
    timing: { writeTimeout: writeSeconds * 1000, lease: leaseSeconds * 1000 },
  })
  const catchUp = createCatchUp({
    store,
    chat: chat.api,
    applier,
    now,
    onFailure: (step, id, error) => failures.push(`${step} #${id}: ${error instanceof Error ? error.message : error}`),
  })
  return { store, applier, catchUp, changes: createChanges({ store, policyFor, now }), failures, approved }

  /** A change that Alice asked for and Bob approved, not yet caught up with. */
  async function approved(tokenUid = 't1'): Promise<number> {
    const changes = createChanges({ store, policyFor, now })
    const before = stack.live.get(tokenUid)!
    const asked = proposal({ tokenUid, requester: alice, before, after: { ...before, name: `${before.name}-2` } })
    const { id } = await changes.propose(asked, `view-${tokenUid}`)
    await changes.approve(id, bob, 1)
    return id
  }
}

/** One process and all that lies around it. `outside` is for what is to change meanwhile, and for a second process. */
export function createWorld() {
  const outside = createOutside()
  const core = startCore(outside)
  return { ...outside, outside, core, proposed }

  /** A change that Alice asked for, not yet caught up with. */
  async function proposed(): Promise<number> {
    return (await core.changes.propose(proposal(), 'view-1')).id
  }
}

/** The types of the events in the log, in order. */
export async function typesOf({ store }: Core, id?: number): Promise<string[]> {
  return (await store.events(id)).map(({ event }) => event.type)
}
