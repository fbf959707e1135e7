import fc from 'fast-check'
import { arrivalSeconds, leaseSeconds, writeSeconds } from '../core.ts'
import { everybody, groups } from './rules.ts'
import type { Fate, Kind } from './stack.ts'

export const someKind: fc.Arbitrary<Kind> = fc.record({
  times: fc.boolean(),
  shows: fc.boolean(),
  text: fc.constantFrom('as sent', 'trimmed', 'lower case'),
  endOfDay: fc.boolean(),
})

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fate>({ kind: 'takes' }) },
  {
    weight: 8,
    arbitrary: fc
      .constantFrom('silent', 'lost', 'busy', 'refused', 'dies before', 'dies after', 'garbled')
      .map((kind): Fate => ({ kind }) as Fate),
  },
  {
    weight: 4,
    arbitrary: fc
      .integer({ min: 1, max: arrivalSeconds - leaseSeconds })
      .map((seconds): Fate => ({ kind: 'late', seconds })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('name', 'description', 'permissions', 'expiresOn', 'branches')
      .map((field): Fate => ({ kind: 'keeps', field }) as Fate),
  },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }).map((reads): Fate => ({ kind: 'behind', reads })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: writeSeconds - 1 }), fc.constantFrom(0, 0, -86_400, -3600, -30, 30, 3600))
      .map(([seconds, set]): Fate => ({ kind: 'slow', seconds, set })),
  },
)

/**
 * The part of a token that somebody wants to change. `spaced`, `loud`: a name that a stack may keep in its own form.
 */
const patch = fc.constantFrom('name', 'description', 'both', 'spaced', 'loud', 'writing', 'assets', 'expiry', 'branch')
export type Patch = typeof patch extends fc.Arbitrary<infer T> ? T : never

const which = fc.nat({ max: 3 })
const token = fc.constantFrom('t1', 't1', 't2')
const who = fc.constantFrom(...everybody)
/** `whoever asks`: the current requester. */
const decider = fc.oneof(who, fc.constant('whoever asks' as const))
const process = fc.nat({ max: 1 })
const does = <K extends string, T>(what: K, rest: { [P in keyof T]: fc.Arbitrary<T[P]> }) =>
  fc.record<T>(rest).map((given) => ({ do: what, ...given }))

const ask = does('ask', { who, token, wanted: patch })
const decide = (what: 'approve' | 'cancel' | 'rebase' | 'take over') =>
  does(what, { which, who: decider, confirmed: fc.boolean() })
const amend = does('amend', { which, who: decider, wanted: patch })
/** `dies`: the process is killed after this many writes. */
const catchUp = does('catch up', {
  process,
  dies: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, fc.integer({ min: 1, max: 12 })),
})

const command = fc.oneof(
  { weight: 3, arbitrary: ask },
  { weight: 6, arbitrary: decide('approve') },
  { weight: 3, arbitrary: does('reject', { which, who }) },
  { weight: 2, arbitrary: decide('cancel') },
  { weight: 2, arbitrary: decide('rebase') },
  { weight: 1, arbitrary: decide('take over') },
  { weight: 1, arbitrary: amend },
  { weight: 8, arbitrary: catchUp },
  { weight: 3, arbitrary: does('look', { process }) },
  { weight: 3, arbitrary: does('by hand', { token, field: fc.oneof(patch, fc.constant('back' as const)) }) },
  { weight: 5, arbitrary: does('fate', { fate }) },
  { weight: 2, arbitrary: does('stale', { reads: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: does('short', { reads: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 6, arbitrary: does('pass', { seconds: fc.constantFrom(1, 10, leaseSeconds, 300, arrivalSeconds) }) },
  { weight: 1, arbitrary: does('clock', { seconds: fc.constantFrom(-86_400, -3600, -30, 30, 3600) }) },
  { weight: 1, arbitrary: does('person', { who, is: fc.constantFrom('a guest', 'gone', 'a member') }) },
  { weight: 1, arbitrary: does('group', { group: fc.constantFrom(...groups), has: fc.subarray(everybody) }) },
  { weight: 1, arbitrary: does('restart', { policy: fc.nat({ max: 2 }) }) },
)
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

const everybodyApproves: Command[] = everybody.map((who) => ({ do: 'approve', which: 0, who, confirmed: true }))

/** The way from asking to an apply whose lease has run out, which chance alone would seldom take. */
const straight: fc.Arbitrary<Command[]> = fc
  .record({ ask, fate, catchUp })
  .map(({ ask, fate, catchUp }) => [
    ask,
    ...everybodyApproves,
    { do: 'fate', fate },
    catchUp,
    { do: 'pass', seconds: leaseSeconds },
    { do: 'catch up', process: 1, dies: null },
  ])

/** An update that arrives after its change was cancelled. */
const tooLate: fc.Arbitrary<Command[]> = fc
  .record({ ask, seconds: fc.integer({ min: 70, max: 600 }) })
  .map(({ ask, seconds }) => [
    ask,
    ...everybodyApproves,
    { do: 'fate', fate: { kind: 'late', seconds } },
    { do: 'catch up', process: 0, dies: null },
    { do: 'pass', seconds: leaseSeconds },
    { do: 'catch up', process: 1, dies: null },
    { do: 'cancel', which: 0, who: ask.who, confirmed: false },
    { do: 'pass', seconds: 300 },
    { do: 'pass', seconds: 300 },
    { do: 'look', process: 0 },
  ])

/** Somebody edits by hand in between. */
const rebased: fc.Arbitrary<Command[]> = fc
  .record({ ask, field: patch })
  .map(({ ask, field }) => [
    ask,
    { do: 'by hand', token: ask.token, field },
    { do: 'look', process: 0 },
    { do: 'rebase', which: 0, who: 'whoever asks', confirmed: false },
    ...everybodyApproves,
  ])

/** The requester has left. */
const takenOver: fc.Arbitrary<Command[]> = fc
  .record({ ask, heirs: fc.shuffledSubarray(everybody, { minLength: 2 }) })
  .map(({ ask, heirs }) => [
    ask,
    { do: 'person', who: ask.who, is: 'gone' },
    ...heirs.map((who): Command => ({ do: 'take over', which: 0, who, confirmed: false })),
    ...everybodyApproves,
  ])

/** Asked, perhaps edited, and the rest left to chance. */
const approved: fc.Arbitrary<Command[]> = fc
  .record({ ask, amend: fc.option(amend, { freq: 2 }) })
  .map(({ ask, amend }) => [ask, ...(amend ? [{ ...amend, which: 0 }] : []), ...everybodyApproves])

const part: fc.Arbitrary<Command[]> = fc.oneof(
  { weight: 24, arbitrary: fc.tuple(command) },
  { weight: 2, arbitrary: approved },
  { weight: 3, arbitrary: straight },
  { weight: 1, arbitrary: tooLate },
  { weight: 1, arbitrary: rebased },
  { weight: 1, arbitrary: takenOver },
)

export const someCommands: fc.Arbitrary<Command[]> = fc
  .array(part, { minLength: 8, maxLength: 24, size: 'max' })
  .map((parts) => parts.flat())

const look: Command = { do: 'look', process: 0 }

/** Enough time for everything under way to finish. */
export const calm: Command[] = [
  look,
  ...Array.from({ length: 6 }).flatMap((): Command[] => [
    { do: 'pass', seconds: arrivalSeconds },
    look,
    { do: 'catch up', process: 0, dies: null },
  ]),
]
