import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdAgainst } from '../../../src/cli/audit/hold-against.ts'
import { createVerifier } from '../../../src/domain/audit/verify.ts'
import type { Requirement } from '../../../src/domain/policy/policy.ts'
import type { Store } from '../../../src/ports/store.ts'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { evidenceIn } from '../../../src/storage/sqlite/evidence.ts'
import { storeIn } from '../../../src/storage/sqlite/store.ts'
import { key } from '../../support/audited.ts'
import { createClock } from '../../support/clock.ts'
import { begin, type Command, command, type Deciders, run } from '../../support/histories.ts'
import { bob, carol, mallory, owners, proposal, requirement, security } from '../../support/world.ts'

const { seed } = fc.readConfigureGlobal()
const logs = 50
const historiesInEach = 100

const twoParties: Requirement = {
  rule: 'new power',
  parties: [
    { from: [owners], quorum: 1 },
    { from: [bob, carol, mallory], quorum: 1 },
  ],
  confirm: false,
}
/** The shortest way from asking to the end, which chance alone would seldom take. */
function straight(id: 1 | 2): Command[] {
  const live = proposal().after
  return [
    { kind: 'approve', id, person: bob, behind: 0 },
    { kind: 'approve', id, person: carol, behind: 0 },
    { kind: 'startApply', id, holder: 'a' },
    { kind: 'answer', id, answer: { kind: 'taken' }, stale: false },
    { kind: 'settle', id, live, stale: false },
  ]
}

const some = fc.oneof({ weight: 8, arbitrary: fc.tuple(command) }, fc.constantFrom(straight(1), straight(2)))
const history = fc.record({
  requirement: fc.constantFrom(requirement(), requirement([bob, carol], 2), requirement([security]), twoParties),
  commands: fc.array(some, { maxLength: 8, size: 'max' }).map((parts) => parts.flat()),
})
type Told = typeof history extends fc.Arbitrary<infer T> ? T : never

test(`none of ${logs * historiesInEach} honest histories from the seed ${seed} raises an alarm`, async () => {
  const log = fc.array(history, { minLength: historiesInEach, maxLength: historiesInEach, size: 'max' })
  let applied = 0
  await fc.assert(
    fc.asyncProperty(log, async (histories) => {
      applied += await verifyAll(histories)
    }),
    { numRuns: logs },
  )
  expect(applied).toBeGreaterThan(500)
})

/** Writes the histories into one log and verifies it. Resolves to how many changes were applied. */
async function verifyAll(histories: readonly Told[]): Promise<number> {
  const db = openDatabase(':memory:')
  let clock = createClock()
  const store = storeIn(db, () => clock.now(), key)
  const anchors = []
  for (const [i, { requirement, commands }] of histories.entries()) {
    clock = createClock()
    const deciders: Deciders = { people: [bob, carol], quorum: 1, guests: [] }
    const history = { store: after(store, 2 * i), clock, deciders, requirement }
    await begin(history)
    for (const command of commands) await run(history, command)
    anchors.push({ ...(await store.checkpoint()), from: `anchor ${i}` })
  }
  const evidence = evidenceIn(db.$client)
  const verifier = createVerifier({
    keys: { current: key, earlier: [] },
    anchors,
    isStored: true,
    now: new Date(),
  })
  await holdAgainst(evidence, verifier)
  const { intact, complete, anchorsMet } = verifier.end()
  expect({ intact, complete }).toEqual({ intact: nothing, complete: nothing })
  expect(anchorsMet).toBe(histories.length)
  const applied = db.$client.prepare(`select count(*) from change_requests where status = 'applied'`).pluck().get()
  store.close()
  return Number(applied)
}

const none = { first: [], count: 0 }
const nothing = { holds: true, wrong: none, untold: none }

/** The store for a history that believes its first change to be #1, though there are `others` before it. */
function after(store: Store, others: number): Store {
  return {
    ...store,
    open: (event, actor, origin, admit) => store.open(event, actor, `${others} ${origin}`, admit),
    record: (id, actor, decide, admit) => store.record(others + id, actor, decide, admit),
    note: (fact, actor, id) => store.note(fact, actor, id === null ? null : others + id),
  }
}
