import assert from 'node:assert/strict'
import { type Change, hasEnded } from '../../../src/domain/change/change.ts'
import { changeEvent } from '../../../src/domain/change/event.ts'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import { diff } from '../../../src/domain/token/diff.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import type { StoredChange } from '../../../src/ports/changes.ts'
import type { AuditEvent } from '../../../src/ports/log.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type Edit, isStillThere, untrueIn, wasHiddenByHand, wasMadeByHand } from './claims.ts'
import type { Memory } from './database.ts'
import type { Kind, UnkindStack } from './stack.ts'
import { entryOf, textsOf } from './texts.ts'

type Around = {
  readonly stack: UnkindStack
  readonly kind: Kind
  readonly since: (id: number) => number
  readonly revisionsOf: (id: number) => readonly Edit[]
  readonly newest: Memory['newest']
  readonly store: () => Store
}

type Circumstances = { readonly clockHeld: boolean; readonly lookedInTime: boolean; readonly startedAfter: boolean }

/** A change as it was last shown, and how often anything had moved by then. */
type Told = {
  readonly change: Change
  readonly texts: readonly string[]
  readonly seq: number
  readonly moves: number
}

/**
 * Checks that must hold after each step: no text claims more than was true, and replaying the log gives the stored
 * state.
 */
export function createChecks({ stack, kind, since, revisionsOf, newest, store }: Around) {
  const told = new Map<number, Told>()
  return { now, atTheEnd, types }

  async function now(): Promise<void> {
    const moves = stack.updates.length + stack.uids.reduce((sum, uid) => sum + stack.versions(uid).length, 0)
    for (const [id, seq] of newest()) {
      const before = told.get(id)
      if (before?.seq === seq && before.moves === moves) continue
      const shown = before?.seq === seq ? before : await changed(await store().get(id), before?.seq ?? 0)
      for (const text of shown.texts) requireTrue(text, shown.change)
      told.set(id, { ...shown, seq, moves })
    }
  }

  /** An entry of the log is compared with the truth when it was written; a refusal only says where a change stood. */
  async function changed(stored: StoredChange, after: number): Promise<Pick<Told, 'change' | 'texts'>> {
    const events = await store().events(stored.change.id)
    assert.deepEqual(replayed(stored.change.id, events), stored.change)
    for (const event of events)
      if (event.seq > after && event.event.type !== 'refused') requireTrue(entryOf(event), stored.change)
    return { change: stored.change, texts: textsOf(stored) }
  }

  function requireTrue(text: string, change: Change): void {
    const updates = stack.updates.filter((update) => update.change === change.id)
    const versions = stack.versions(change.tokenUid)
    const untrue = untrueIn(text, { change, updates, versions, since: since(change.id), revisionsOf })
    assert.equal(untrue, null, `#${change.id} ${change.status}: ${text}`)
  }

  /**
   * `clockHeld`: nobody has set the clock, so nothing was given up before its time. `startedAfter`: somebody has set it
   * forward, and a process has started since, which can't know what may still arrive.
   */
  async function atTheEnd({ clockHeld, lookedInTime, startedAfter }: Circumstances): Promise<void> {
    for (const { change, card, seq } of await store().changes({ most: 50 })) {
      const waits = change.status === 'drifted' || change.status === 'pending'
      assert.ok(hasEnded(change) || waits, `#${change.id} ${change.status}`)
      assert.equal(card?.seq, seq)
      if (clockHeld && lookedInTime && hasEnded(change)) requireKnownToHaveCome(change)
    }
    if (startedAfter) return
    for (const { event } of await store().events())
      if (event.type === 'outside_edit')
        // If the stack tells no times, a look from before an update can't be told from one after somebody's edit.
        for (const { key, after } of diff(event.before, event.after))
          if (kind.times || (clockHeld && /^ *asked/i.test(after))) requireByHand(event, key)
  }

  /** If a change has ended, and its update came and is still on the token, the app must know that it came. */
  function requireKnownToHaveCome(change: Change): void {
    if (!isStillThere({ change, versions: stack.versions(change.tokenUid) })) return
    const isKnown = change.sends?.some(({ seenAt }) => seenAt !== undefined)
    assert.ok(isKnown, `#${change.id} ${change.status}: its update is on the token, and nobody knows`)
  }

  /**
   * Something nobody did by hand is not an edit made elsewhere, nor is the effect of an update that was believed to
   * have come already.
   */
  function requireByHand({ tokenUid, after }: { tokenUid: string; after: Settings }, key: string): void {
    const versions = stack.versions(tokenUid)
    const found = versions.some(
      ({ by, settings }, i) =>
        (by === 'hand' || (by !== null && (wasMadeByHand(by, versions) || wasHiddenByHand(by, versions)))) &&
        isSameField(settings, after, key) &&
        !isSameField(settings, versions[i - 1]!.settings, key),
    )
    assert.ok(found, `${key} of ${tokenUid} was not edited by hand: ${JSON.stringify(after)}`)
  }

  async function types(): Promise<string[]> {
    return (await store().events()).map(({ event }) => event.type)
  }
}

export function isSameField(one: Settings, other: Settings, key: string): boolean {
  return !diff(one, other).some((field) => field.key === key)
}

function replayed(id: number, events: readonly AuditEvent[]): Change {
  const [first, ...rest] = events.flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
  assert.ok(first?.type === 'proposed', 'a history begins with a proposal')
  return rest.reduce(evolve, open(id, first))
}
