import fc from 'fast-check'
import type { Change, ChangeEvent, Lease } from '../../src/domain/change.ts'
import { approve, cancel, reject, startApply } from '../../src/domain/decide.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { interrupt, refuse, settle, type WriteSeen } from '../../src/domain/settle.ts'
import type { Store } from '../../src/ports.ts'
import type { Clock } from './clock.ts'
import { alice, bob, carol, mallory, proposal, settings } from './world.ts'

const people = [alice, bob, carol, mallory]
const { after, before } = proposal()
const why = 'so it came'

const person = fc.constantFrom(...people, bob, carol)
const id = fc.constantFrom(1, 2)
const revision = fc.constantFrom(1, 1, 1, 2)
const live = fc.constantFrom(before, after, settings({ description: 'edited by hand' }))
const write = fc.constantFrom<WriteSeen>(
  { kind: 'none' },
  { kind: 'taken' },
  { kind: 'refused', why },
  { kind: 'busy', why },
  { kind: 'unknown', why },
)
const policies: fc.Arbitrary<Policy> = fc.record({
  approvers: fc.subarray(people, { minLength: 2 }),
  approvals: fc.constantFrom(1, 1, 2, 3),
})

/** What may happen next: somebody decides, time passes, the policy changes, an apply goes on. Not all of it is allowed. */
export const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('approve' as const), id, person, revision }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), id, person, revision }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), id, person }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('startApply' as const), id, holder: fc.constantFrom('a', 'b') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), id, live, write, stale: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('interrupt' as const), id, stale: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), id, stale: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sendAgain' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('note' as const), id, person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('policy' as const), policy: policies }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(1, 60) }) },
)
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

export type History = { store: Store; clock: Clock; policy: Policy }

/** Alice proposes changes #1 and #2. */
export async function begin(history: History): Promise<void> {
  for (const id of [1, 2]) await propose(history, id)
}

/** Does what the command says; resolves to what came of it, in short: a status, or why it was refused. */
export async function run(history: History, command: Command): Promise<string> {
  try {
    if (command.kind === 'sendAgain') return (await propose(history, command.id)).status
    if (command.kind === 'note') return await note(history, command)
    if (command.kind === 'policy') history.policy = command.policy
    else if (command.kind === 'pass') history.clock.pass(command.seconds)
    else
      return (await history.store.record(command.id, 'somebody', (change) => decide(history, change, command))).status
    return command.kind
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

type Decision = Exclude<Command, { kind: 'sendAgain' | 'note' | 'policy' | 'pass' }>

function decide({ clock, policy }: History, change: Change, command: Decision): ChangeEvent | null {
  const at = clock.now()
  const until = (seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString()
  switch (command.kind) {
    case 'approve':
      return approve(change, command.person, policy, command.revision, clock.iso())
    case 'reject':
      return reject(change, { by: command.person, reason: why, revision: command.revision }, policy, clock.iso())
    case 'cancel':
      return cancel(change, command.person, clock.iso())
    case 'startApply':
      return startApply(change, policy, { holder: command.holder, until: until(30) }, clock.iso())
    case 'settle':
      return settle(change, { live: command.live, write: command.write, lease: leaseOf(change, command.stale), at })
    case 'interrupt':
      return interrupt(change, { why, lease: leaseOf(change, command.stale), at })
    case 'refuse':
      return refuse(change, { why, lease: leaseOf(change, command.stale), at })
  }
}

function leaseOf(change: Change, stale: boolean): Lease {
  return change.status === 'applying' && !stale ? change.lease : { holder: 'somebody else', until: '2026-01-01' }
}

function propose({ clock, store }: History, id: number): Promise<Change> {
  return store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, `view-${id}`)
}

async function note({ store }: History, { id, person }: { id: number; person: string }): Promise<string> {
  await store.note({ type: 'refused', attempted: 'approve', code: 'not_allowed', why }, person, id)
  return 'noted'
}
