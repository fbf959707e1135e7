import { onTestFinished } from 'vitest'
import type { AuditKey } from '../../src/domain/audit/chain.ts'
import type { Edit } from '../../src/domain/change/edit.ts'
import type { Policy } from '../../src/domain/policy/policy.ts'
import type { AnchorPlace } from '../../src/ports/anchors.ts'
import type { StackApi } from '../../src/ports/stack.ts'
import type { Store } from '../../src/ports/store.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import type { OnUnreadable, UnreadableRow } from '../../src/storage/unreadable-rows.ts'
import { createApplier } from '../../src/workflow/apply/apply.ts'
import { createChanges } from '../../src/workflow/changes/changes.ts'
import { createElectorates } from '../../src/workflow/changes/electorates.ts'
import { type Cut, createAnchorRounds } from '../../src/workflow/log/anchor-rounds.ts'
import { createAnchors } from '../../src/workflow/log/anchors.ts'
import { createLooks } from '../../src/workflow/looks/looks.ts'
import { sayingSinceWhen } from '../../src/workflow/looks/missing-for.ts'
import { createWatch } from '../../src/workflow/looks/watch.ts'
import { createCatchUp } from '../../src/workflow/rounds/catch-up.ts'
import { createTerms } from '../../src/workflow/rounds/time-left.ts'
import { pointingAsKnown } from '../../src/workflow/targets.ts'
import { createRecordingChat } from './chat.ts'
import { type Clock, createClock } from './clock.ts'
import { emptyDatabase } from './file.ts'
import { createDirectory } from './people.ts'
import { createStackInMemory, type StackInMemory } from './stack.ts'
import { bob, edit, facts, policy } from './world.ts'

/** Seconds that a write may take, and that a lease lasts. */
export const writeSeconds = 20
export const leaseSeconds = 60

/** Seconds in which an unanswered update may still arrive. */
export const arrivalSeconds = 900

/** Everything around the app: a database file, a stack, a chat, a clock, people, the policy in force. */
export function createOutside(path = emptyDatabase()) {
  return {
    path,
    stack: createStackInMemory(),
    chat: createRecordingChat(),
    clock: createClock(),
    people: createDirectory(),
    policy: policy as Policy,
    places: [] as AnchorPlace[],
    key: null as AuditKey,
    earlierKeys: [] as NonNullable<AuditKey>[],
    /** Comes between a process and its database. */
    guard: (store: Store): Store => store,
    /** When an apply that goes on is shown; the app's own time unless given. */
    slowMs: undefined as number | undefined,
  }
}

export type Outside = ReturnType<typeof createOutside>
export type Core = ReturnType<typeof startCore>

/**
 * One process of the app, without Slack and the page around it. Start another on the same `outside` for a second one.
 * `opened` is for a process whose database is not a file.
 */
export function startCore(outside: Outside, processId = 'first', opened?: Store) {
  const { chat, clock, people, stack } = outside
  const now = clock.now
  const policyFor = () => outside.policy
  const unread: UnreadableRow[] = []
  const store = outside.guard(opened ?? openFile(outside, (row) => unread.push(row)))
  void store.rememberFacts('website', facts())
  const failures: string[] = []
  const cuts: Cut[] = []
  const left: string[] = []
  const doubts: { change: number; found: string }[] = []
  const unnoted: { change: number; kind: string }[] = []
  const electorates = createElectorates({
    people: people.api,
    policyFor,
    pointing: (edit) => pointingAsKnown(store, edit),
    now,
  })
  const terms = createTerms(clock)
  const changes = createChanges({ store, electorates, policyFor, now, msLeft: terms.msLeft })
  const watch = createWatch({
    store,
    now,
    monotonic: clock.monotonic,
    soon: (id) => catchUp.soon(id),
    lookedElsewhere: (id) => applier.lookedElsewhere(id),
    onFailure: () => {},
  })
  const api = sayingSinceWhen(asItIsByThen(stack), clock.monotonic, (uid) =>
    store.lastSeen({ stack: 'website', tokenUid: uid }),
  )
  const { monotonic } = clock
  const looks = createLooks({ store, stacks: new Map([['website', api]]), now, monotonic, onLook: watch.seen })
  const applier = createApplier({
    store,
    factsOfLate: looks.factsOfLate,
    onLook: watch.seen,
    onDoubt: (change, found) => doubts.push({ change, found }),
    onUnnoted: (change, { kind }) => unnoted.push({ change, kind }),
    stackFor: () => api,
    electorates,
    now,
    monotonic: clock.monotonic,
    msLeft: terms.msLeft,
    processId,
    timing: { writeTimeout: writeSeconds * 1000, lease: leaseSeconds * 1000, arrival: arrivalSeconds * 1000 },
  })
  const anchorRounds = createAnchorRounds({
    store,
    places: outside.places,
    now,
    monotonic: clock.monotonic,
    onCut: (cut) => cuts.push(cut),
    onFailure: (place, error) => failures.push(`${place}: ${error instanceof Error ? error.message : error}`),
  })
  const catchUp = createCatchUp({
    store,
    chat: chat.api,
    applier,
    anchor: createAnchors({ store, chat: chat.api, places: outside.places, onKept: anchorRounds.wasKept, now }).anchor,
    electorates,
    policyFor,
    channelFor: () => chat.channel,
    terms,
    now,
    onCardLeft: (id, old, error) => left.push(`#${id} ${old.ts}: ${error instanceof Error ? error.message : error}`),
    onFailure: (step, id, error) => failures.push(`${step} #${id}: ${error instanceof Error ? error.message : error}`),
    ...(outside.slowMs !== undefined && { slowMs: outside.slowMs }),
  })
  return {
    store,
    anchorRounds,
    applier,
    catchUp,
    changes,
    electorates,
    failures,
    left,
    doubts,
    unnoted,
    cuts,
    unread,
    watch,
    looks,
    proposed,
    approved,
  }

  /** A change that Alice asked for, not yet caught up with. */
  async function proposed(changed: Partial<Edit> = {}): Promise<number> {
    const asked = edit(changed)
    return (await changes.propose({ ...asked, reason: 'The pipeline moved' }, `view-${asked.tokenUid}`)).id
  }

  /** The same, approved by Bob. */
  async function approved(tokenUid = 't1'): Promise<number> {
    const before = stack.live.get(tokenUid)!
    const id = await proposed({ tokenUid, before, after: { ...before, name: `${before.name}-2` } })
    await changes.approve({ id, by: bob, revision: 1 }, '')
    return id
  }
}

function openFile({ path, clock, key, earlierKeys }: Outside, onUnreadable: OnUnreadable): Store {
  const store = openStore(path, clock.now, key, earlierKeys, undefined, undefined, clock.monotonic, onUnreadable)
  onTestFinished(store.close)
  return store
}

/** One process and everything around it. `outside` is for changes meanwhile, and for a second process. */
export function createWorld(changes: Partial<Outside> = {}) {
  const outside = { ...createOutside(), ...changes }
  const core = startCore(outside)
  return { ...outside, outside, core, proposed: core.proposed }
}

/** The same, recording the store methods that are called. */
export function createCountingWorld() {
  const asked: string[] = []
  const guard = (store: Store) =>
    new Proxy(store, {
      get: (all, name) => {
        asked.push(String(name))
        return Reflect.get(all, name)
      },
    })
  return { ...createWorld({ guard }), asked }
}

/** Passes enough time for a missing token to count as gone, with a process that catches up every minute. */
export async function untilGone({ core, clock }: { core: Core; clock: Clock }): Promise<void> {
  for (let i = 0; i < 21; i++) {
    clock.pass(60)
    await core.catchUp.all()
  }
}

/** The types of the events in the log, in order. */
export async function typesOf({ store }: Core, id?: number): Promise<string[]> {
  return (await store.events(id)).map(({ event }) => event.type)
}

/** A test may change the stack's answers at any time. */
function asItIsByThen(stack: StackInMemory): StackApi {
  return {
    tokens: (...asked) => stack.api.tokens(...asked),
    token: (...asked) => stack.api.token(...asked),
    facts: () => stack.api.facts(),
    update: (...asked) => stack.api.update(...asked),
  }
}
