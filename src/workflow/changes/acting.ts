import type { Act, Seen } from '../../domain/change/act.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Edit } from '../../domain/change/edit.ts'
import type { Electorate } from '../../domain/change/electorate.ts'
import type { ChangeEvent } from '../../domain/change/event.ts'
import { lifeOf, type MsLeft, nudgeOf } from '../../domain/change/term.ts'
import type { Policy, Requirement } from '../../domain/policy/policy.ts'
import { passOverRefusal, Refusal } from '../../domain/refusal.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'
import type { LookReads } from '../../ports/looks.ts'
import { createAskers } from './askers.ts'
import { type Electorates, nothingSent } from './electorates.ts'

export type Deps = {
  store: ChangeReads & ChangeWrites & LookReads & LogReads & LogWrites
  electorates: Electorates
  policyFor: (stack: string) => Policy
  now: () => Date
  msLeft: MsLeft
}

/** Somebody acting on a change as they see it. */
export type Press = Seen & { readonly id: number; readonly by: string }

/** The rule that an edit meets, and who could decide under it. */
export type Ruled = {
  readonly requirement: Requirement
  /** A second rule to meet, since another rule fits others who changed it. */
  readonly today: Requirement | null
  readonly electorate: Electorate
}

export type Acting = ReturnType<typeof createActing>

/** Looks up who may, records one decision, and keeps refusals: for every act of people on changes. */
export function createActing({ store, electorates, policyFor, now, msLeft }: Deps) {
  const { hold } = createAskers({ store, electorates, now })
  return {
    keepingRefusals,
    electorateOf,
    asKnown,
    record,
    decide,
    decideOn,
    tryOut,
    rule,
    waiting,
    counted,
    timed,
    at,
  }

  async function keepingRefusals<T>(
    attempted: string,
    by: string,
    id: number | null,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal) {
        const known = error.code === 'not_found' ? null : id
        const refused = { type: 'refused', attempted, code: error.code, why: error.noted } as const
        // If the log can't be written either, the person is still told why they were refused.
        await store.noteRefusal(refused, by, known).catch(passOverRefusal)
      }
      throw error
    }
  }

  /** `known`: the press, by the id that the change knows the presser by. */
  type Decision = (change: Change, electorate: Electorate, known: Press) => ChangeEvent | null

  function decide(attempted: string, press: Press, decision: Decision): Promise<Change> {
    return keepingRefusals(attempted, press.by, press.id, async () =>
      decideOn((await store.get(press.id)).change, press, decision),
    )
  }

  /** The electorate is looked up first: the decision itself is one transaction, which waits for nothing. */
  async function decideOn(change: Change, press: Press, decision: Decision): Promise<Change> {
    const { id, by } = press
    const [electorate, known] = await Promise.all([electorateOf(change, by), asKnown(change, press)])
    return record(id, by, (stored) => decision(stored, electorate, known))
  }

  async function tryOut(press: Press, decision: Decision): Promise<Change> {
    const { change } = await store.get(press.id)
    decision(change, await electorateOf(change, press.by), await asKnown(change, press))
    return change
  }

  async function record(...asked: Parameters<ChangeWrites['record']>): Promise<Change> {
    return (await store.record(...asked)).change
  }

  /** Who may still ask for it is noted first, so that its card says so however the decision ends. */
  async function electorateOf(change: Change, by: string): Promise<Electorate> {
    const electorate = await electorates.forChange(change, by)
    await hold(change, electorate)
    return electorate
  }

  async function asKnown(change: Change, press: Press): Promise<Press> {
    return { ...press, by: await electorates.askerAs(change, press.by) }
  }

  /** `amenders`: other people who changed it. Throws a Refusal, with what is `undone`, if it may not be asked for. */
  async function rule(edit: Edit, amenders: readonly string[], undone: string = nothingSent): Promise<Ruled> {
    const requirement = await electorates.requirementFor(edit, undone)
    const today = await electorates.rulingOfNow({ ...edit, requirement, amenders })
    if (today !== null && 'forbidden' in today) throw new Refusal('not_allowed', `${today.forbidden} ${undone}.`)
    const rules = today === null ? [requirement] : [requirement, today]
    return { requirement, today, electorate: await electorates.forEdit(rules, [edit.requester, ...amenders]) }
  }

  function waiting(stack: string) {
    const { lives, remindsAfter } = policyFor(stack)
    const after = (ms: number) => new Date(now().getTime() + ms).toISOString()
    return { expiresAt: after(lives), remindAt: after(remindsAfter) }
  }

  /** Counts from here on how long it may wait, and how soon somebody may nudge again. */
  function counted(change: Change): Change {
    msLeft(lifeOf(change))
    msLeft(nudgeOf(change, policyFor(change.stack).nudgeEvery))
    return change
  }

  /** Who acts, and when: for each decision on a change. */
  function timed<T extends Omit<Press, 'id'>>(act: T): T & Pick<Act, 'at' | 'msLeft'> {
    return { ...act, at: at(), msLeft }
  }

  function at(): string {
    return now().toISOString()
  }
}
