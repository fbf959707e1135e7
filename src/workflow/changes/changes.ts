import type { Act, Seen } from '../../domain/change/act.ts'
import { type Ask, sameAsk } from '../../domain/change/ask.ts'
import { askersAfter, requireAskers } from '../../domain/change/askers.ts'
import * as Asking from '../../domain/change/asking.ts'
import * as Cancelling from '../../domain/change/cancelling.ts'
import { amendersWith, type Change } from '../../domain/change/change.ts'
import * as Deciding from '../../domain/change/deciding.ts'
import type { Edit } from '../../domain/change/edit.ts'
import type { Electorate } from '../../domain/change/electorate.ts'
import type { ChangeEvent } from '../../domain/change/event.ts'
import type { Revised } from '../../domain/change/parts.ts'
import * as Revising from '../../domain/change/revising.ts'
import { requireOrphaned, takeOver as takenOverBy } from '../../domain/change/take-over.ts'
import { byTheClock, lifeOf, type MsLeft, nudgeOf } from '../../domain/change/term.ts'
import * as Waiting from '../../domain/change/waiting.ts'
import { requirePace } from '../../domain/pace.ts'
import { type Policy, protection, type Requirement } from '../../domain/policy/policy.ts'
import { passOverRefusal, Refusal } from '../../domain/refusal.ts'
import { requireRoom, requireRoomOfOwn } from '../../domain/room.ts'
import { check, errorsInWords } from '../../domain/token/check.ts'
import { rebase as rebased } from '../../domain/token/rebase.ts'
import type { Settings, Token } from '../../domain/token/token.ts'
import type { ChangeReads, ChangeWrites, StoredChange } from '../../ports/changes.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'
import type { LookReads } from '../../ports/looks.ts'
import { pointingAsKnown } from '../targets.ts'
import { createAskers } from './askers.ts'
import { type Electorates, nothingSent } from './electorates.ts'

type Deps = {
  store: ChangeReads & ChangeWrites & LookReads & LogReads & LogWrites
  electorates: Electorates
  policyFor: (stack: string) => Policy
  now: () => Date
  /** Left out if no process has run that could know better than the clock. */
  msLeft?: MsLeft
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

const nobody: Electorate = { seal: null, demands: [], barred: {}, confirm: false, barredAskers: [], forbidden: null }

export type Changes = ReturnType<typeof createChanges>

/**
 * People's acts on changes. Each verb looks up who may, records one decision, and resolves once it is on disk; the
 * caller answers the person next, and then lets catch-up do what the new state calls for. A refusal is recorded too,
 * then thrown.
 */
export function createChanges({
  store,
  electorates,
  policyFor,
  now,
  msLeft = (term) => byTheClock(now().toISOString())(term),
}: Deps) {
  const { hold } = createAskers({ store, electorates, now })
  return {
    propose,
    mayOpen,
    mayPropose,
    approve,
    approveUnconfirmed,
    mayApprove,
    reject,
    mayReject,
    amend,
    mayAmend,
    mayAmendTo,
    rebase,
    takeOver,
    claim,
    nudge,
    cancel,
    mayCancel,
    cancelAsOperator,
  }

  /** `origin` names the source of the proposal: the same origin opens one change, however often it is sent. */
  function propose(asked: Edit & Ask, origin: string): Promise<Change> {
    const actor = asked.enteredBy ?? asked.requester
    return keepingRefusals('propose', actor, null, async () => {
      const edit = await pointingAsKnown(store, asked)
      const { requirement, electorate } = await rule(edit, [])
      const proposal = { ...edit, reverts: edit.reverts ?? null, requirement, ...waiting(edit.stack) }
      return counted(await store.open(Asking.propose(proposal, electorate, at()), actor, origin, requireRoom))
    })
  }

  /**
   * Throws a Refusal for a token that the policy protects, or that would get a protected name. Asked before a form
   * opens, so answered from what is at hand.
   */
  function mayOpen({ token, after }: { token: Token; after?: Settings | undefined }, by: string): Promise<void> {
    const { stack, uid: tokenUid, settings: before } = token
    return keepingRefusals('propose', by, null, async () => {
      const why = protection(policyFor(stack), { tokenUid, before, after })
      if (why !== null) throw new Refusal('not_allowed', `${why} Nothing was opened.`)
    })
  }

  /** The approvals that this edit would need, and who could decide on it now: asked before it is sent. */
  function mayPropose(edit: Edit): Promise<Ruled> {
    return keepingRefusals('propose', edit.requester, null, async () => {
      requireRoom(await store.waiting(edit))
      return rule(await pointingAsKnown(store, edit), [])
    })
  }

  /** `confirmed`: true if they typed the token's name in the form. */
  function approve(press: Press, comment: string, confirmed = false): Promise<Change> {
    return decide('approve', press, approval(press, comment, confirmed))
  }

  /** Approves without the form. If a current rule asks for the form, nothing is decided, and it resolves to null. */
  function approveUnconfirmed(press: Press): Promise<Change | null> {
    return keepingRefusals('approve', press.by, press.id, async () => {
      const { change } = await store.get(press.id)
      const electorate = await electorateOf(change, press.by)
      if (electorate.confirm) return null
      return record(press.id, press.by, (stored) => approval(press, '', false)(stored, electorate))
    })
  }

  /**
   * Resolves to the change, and if they have to confirm, if this person could approve it now: asked before the form.
   */
  function mayApprove(press: Press): Promise<{ change: Change; confirm: boolean }> {
    return keepingRefusals('approve', press.by, press.id, async () => {
      const { change } = await store.get(press.id)
      const electorate = await electorateOf(change, press.by)
      approval(press, '', true)(change, electorate)
      return { change, confirm: electorate.confirm }
    })
  }

  function reject(press: Press, reason: string): Promise<Change> {
    return decide('reject', press, (change, electorate) =>
      Deciding.reject(change, timed({ ...press, reason }), electorate),
    )
  }

  /** Resolves to the change if this person could reject it now: asked before they have to give a reason. */
  function mayReject(press: Press): Promise<Change> {
    return keepingRefusals('reject', press.by, press.id, () =>
      tryOut(press, (change, electorate) =>
        Deciding.reject(change, timed({ ...press, reason: 'to be given' }), electorate),
      ),
    )
  }

  /** Asks for something else instead: a new revision, without approvals yet. */
  function amend(pressed: Press, ask: Ask): Promise<Change> {
    return keepingRefusals('amend', pressed.by, pressed.id, async () => {
      const { change } = await store.get(pressed.id)
      const press = await asKnown(change, pressed)
      if (await isThatEdit(change, press, ask)) return change
      const present = await electorateOf(change, press.by)
      requireAskers(change, present, 'edited')
      const { revised, electorate: next } = await revise(change, press.by, { before: change.before, ...ask })
      const decide = (stored: Change) => Revising.amend(stored, timed(press), revised, { now: present, next })
      return counted(await record(press.id, press.by, decide, requirePace))
    })
  }

  /**
   * Slack may deliver an edit again: the second finds the change as the first left it, and needs no answer of its own.
   */
  async function isThatEdit(change: Change, { by, revision }: Press, sent: Ask) {
    if (change.revision !== revision + 1) return false
    const last = (await store.events(change.id)).findLast(({ event }) => event.type === 'amended')
    return last?.event.type === 'amended' && last.actor === by && sameAsk(last.event, sent)
  }

  /** Resolves to the change if this person could amend it now. */
  function mayAmend(press: Press): Promise<Change> {
    return keepingRefusals('amend', press.by, press.id, async () => {
      const change = await tryOut(press, (change, electorate, known) => {
        const reason = `${change.reason} `
        const both = { now: electorate, next: electorate }
        return Revising.amend(change, timed(known), { ...change, reason }, both)
      })
      requirePace(await store.waiting({ ...change, requester: press.by, enteredBy: undefined }))
      return change
    })
  }

  /** Like mayPropose, for an open change that is to become this edit. */
  function mayAmendTo({ id, by }: Pick<Press, 'id' | 'by'>, edit: Edit): Promise<Ruled> {
    return keepingRefusals('amend', by, id, async () => {
      const { change } = await store.get(id)
      return rule(await pointingAsKnown(store, edit), amendersWith(change, by))
    })
  }

  /** The same edit over the token as it was found to be. */
  function rebase(pressed: Press): Promise<Change> {
    return keepingRefusals('rebase', pressed.by, pressed.id, async () => {
      const { change } = await store.get(pressed.id)
      const press = await asKnown(change, pressed)
      if (change.status !== 'drifted') return record(press.id, press.by, refuseRebase(press))
      const content = { before: change.live, after: rebased(change, change.live), reason: change.reason }
      await requireSound(change.stack, content)
      requireAskers(change, await electorateOf(change, press.by), 'rebased')
      const undone = `Change #${change.id} was not rebased`
      const { revised, electorate } = await revise(change, press.by, content, undone)
      const decide = (stored: Change) => Revising.rebase(stored, timed(press), revised, electorate)
      return counted(await record(press.id, press.by, decide, requirePace))
    })
  }

  /** The same edit, asked for by whoever presses instead of those who may no longer ask. */
  function takeOver(press: Press): Promise<Change> {
    return keepingRefusals('take over', press.by, press.id, async () => {
      const { change: stored } = await store.get(press.id)
      if (isTakenOver(stored, press)) return stored
      const present = await electorateOf(stored, press.by)
      const { change } = await store.get(press.id)
      requireOrphaned(change, press, present)
      const askers = askersAfter(
        change,
        press.by,
        present.barredAskers.map(({ by }) => by),
      )
      const undone = `Change #${change.id} was not taken over`
      const { requirement, today, electorate: next } = await rule({ ...change, ...askers }, askers.amenders, undone)
      const { before, after, reason } = change
      const revised = { before, after, reason, requirement, today, ...waiting(change.stack) }
      const decide = (last: Change) => takenOverBy(last, timed(press), revised, { now: present, next })
      return counted(
        await record(press.id, press.by, decide, change.requester === press.by ? requirePace : requireRoomOfOwn),
      )
    })
  }

  /** Slack may deliver the press again. */
  function isTakenOver({ revision, takenOver }: Change, press: Press): boolean {
    return revision === press.revision + 1 && takenOver?.at(-1)?.by === press.by
  }

  function claim(press: Press): Promise<Change> {
    return decide('claim', press, (change, electorate) => Deciding.claim(change, timed(press), electorate))
  }

  function nudge(press: Press): Promise<Change> {
    return keepingRefusals('nudge', press.by, press.id, async () => {
      const { change, card } = await store.get(press.id)
      const everybody = await electorates.inFull(change)
      const nudged = await decideOn(change, press, (stored, _, known) =>
        Waiting.nudge(stored, timed(known), policyFor(stored.stack).nudgeEvery, card !== null, everybody),
      )
      return counted(nudged)
    })
  }

  function cancel(id: number, person: string, seen?: Seen): Promise<Change> {
    return keepingRefusals('cancel', person, id, async () => {
      const { by, electorate } = await cancelling(await store.get(id), person)
      return record(id, by, (stored) => Cancelling.cancel(stored, by, at(), seen, electorate))
    })
  }

  /** Resolves to the change if this person could cancel it now: checked before they are asked whether they mean it. */
  function mayCancel(press: Press): Promise<Change> {
    return keepingRefusals('cancel', press.by, press.id, async () => {
      const stored = await store.get(press.id)
      const { by, electorate } = await cancelling(stored, press.by)
      Cancelling.cancel(stored.change, by, at(), press, electorate)
      return stored.change
    })
  }

  async function cancelling({ change }: StoredChange, person: string) {
    const by = await electorates.askerAs(change, person)
    return { by, electorate: by === change.requester ? null : await electorateOf(change, by) }
  }

  function cancelAsOperator(id: number, by: string, reason: string): Promise<Change> {
    return keepingRefusals('cancel', by, id, () =>
      record(id, by, (change) => Cancelling.cancelAsOperator(change, { by, at: at(), reason })),
    )
  }

  /** `known`: the press, by the id that the change knows the presser by. */
  type Decision = (change: Change, electorate: Electorate, known: Press) => ChangeEvent | null

  async function asKnown(change: Change, press: Press): Promise<Press> {
    return { ...press, by: await electorates.askerAs(change, press.by) }
  }

  function approval(press: Press, comment: string, confirmed: boolean) {
    return (change: Change, electorate: Electorate): ChangeEvent =>
      Deciding.approve(change, timed({ ...press, comment, confirmed }), electorate)
  }

  function decide(attempted: string, press: Press, decision: Decision): Promise<Change> {
    return keepingRefusals(attempted, press.by, press.id, async () =>
      decideOn((await store.get(press.id)).change, press, decision),
    )
  }

  async function record(...asked: Parameters<ChangeWrites['record']>): Promise<Change> {
    return (await store.record(...asked)).change
  }

  /** The electorate is looked up first: the decision itself is one transaction, which waits for nothing. */
  async function decideOn(change: Change, press: Press, decision: Decision): Promise<Change> {
    const { id, by } = press
    const [electorate, known] = await Promise.all([electorateOf(change, by), asKnown(change, press)])
    return record(id, by, (stored) => decision(stored, electorate, known))
  }

  /** Who may still ask for it is noted first, so that its card says so however the decision ends. */
  async function electorateOf(change: Change, by: string): Promise<Electorate> {
    const electorate = await electorates.forChange(change, by)
    await hold(change, electorate)
    return electorate
  }

  async function tryOut(press: Press, decision: Decision): Promise<Change> {
    const { change } = await store.get(press.id)
    decision(change, await electorateOf(change, press.by), await asKnown(change, press))
    return change
  }

  /** `amenders`: other people who changed it. Throws a Refusal, with what is `undone`, if it may not be asked for. */
  async function rule(edit: Edit, amenders: readonly string[], undone: string = nothingSent): Promise<Ruled> {
    const requirement = await electorates.requirementFor(edit, undone)
    const today = await electorates.rulingOfNow({ ...edit, requirement, amenders })
    if (today !== null && 'forbidden' in today) throw new Refusal('not_allowed', `${today.forbidden} ${undone}.`)
    const rules = today === null ? [requirement] : [requirement, today]
    return { requirement, today, electorate: await electorates.forEdit(rules, [edit.requester, ...amenders]) }
  }

  type Content = Pick<Revised, 'before' | 'after' | 'reason'>

  async function revise(change: Change, by: string, content: Content, undone?: string) {
    const edit = await pointingAsKnown(store, { ...change, ...content })
    const { before, after, reason } = edit
    const { requirement, today, electorate } = await rule(edit, amendersWith(change, by), undone)
    const revised: Revised = { before, after, reason, requirement, today, ...waiting(change.stack) }
    return { revised, electorate }
  }

  /** A rebase has no form, so what a form would refuse is refused here. */
  async function requireSound(stack: string, content: Content): Promise<void> {
    const facts = await store.knownFacts(stack)
    if (!facts)
      throw new Refusal('unavailable', `The stack has not been looked at yet. Nothing was done: try again in a minute.`)
    const errors = errorsInWords(check({ ...content, facts, now: now() }))
    if (errors !== '')
      throw new Refusal(
        'invalid',
        `The same edit can't be made to the token as it is now. ${errors} Nothing was done: cancel this change, and ask again.`,
      )
  }

  function refuseRebase(press: Press) {
    return (stored: Change) => Revising.rebase(stored, timed(press), stored, nobody)
  }

  function waiting(stack: string) {
    const { lives, remindsAfter } = policyFor(stack)
    const after = (ms: number) => new Date(now().getTime() + ms).toISOString()
    return { expiresAt: after(lives), remindAt: after(remindsAfter) }
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
