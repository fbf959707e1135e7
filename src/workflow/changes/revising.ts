import { requirePace } from '../../domain/asks-an-hour.ts'
import { tooLate } from '../../domain/change/act.ts'
import { type Ask, sameAsk } from '../../domain/change/ask.ts'
import { askersAfter, requireAskers } from '../../domain/change/askers.ts'
import { amendersWith, type Change } from '../../domain/change/change.ts'
import type { Edit } from '../../domain/change/edit.ts'
import { canEverBeMet } from '../../domain/change/electorate.ts'
import type { Revised } from '../../domain/change/parts.ts'
import * as Revising from '../../domain/change/revising.ts'
import { requireOrphaned, sayingWhoCan, takeOver as takenOverBy } from '../../domain/change/take-over.ts'
import { Refusal } from '../../domain/refusal.ts'
import { requireRoomOfOwn } from '../../domain/room.ts'
import { check, errorsInWords } from '../../domain/token/check.ts'
import { rebase as rebased } from '../../domain/token/rebase.ts'
import { pointingAsKnown } from '../targets.ts'
import type { Acting, Deps, Press, Ruled } from './acting.ts'
import { createHeirs } from './heirs.ts'

/** A rebase as it would be now: who asks for what, and who could decide on it. */
export type Rebasing = {
  readonly change: Change
  readonly by: string
  readonly revised: Revised
  readonly ruled: Ruled
}

/** New revisions of an open change: editing it, rebasing it, taking it over. */
export function createRevising({ store, electorates, now }: Deps, acting: Acting) {
  const { allHeirsOf } = createHeirs({ electorates })
  const { keepingRefusals, electorateOf, asKnown, record, tryOut, rule, waiting, counted, timed } = acting
  return { amend, mayAmend, mayAmendTo, rebase, mayRebase, takeOver, mayTakeOver }

  /** Asks for something else instead: a new revision, without approvals yet. */
  function amend(pressed: Press, ask: Ask): Promise<Change> {
    return keepingRefusals('amend', pressed.by, pressed.id, async () => {
      const { change } = await store.get(pressed.id)
      const press = await asKnown(change, pressed)
      if (await isThatEdit(change, press, ask)) return change
      const present = await electorateOf(change, press.by)
      requireAskers(change, present, 'edited')
      const { revised, ruled } = await revise(change, press.by, { before: change.before, ...ask })
      if (await needsVote(change, press.by, ruled)) throw Revising.voteNeeded(change)
      const decide = (stored: Change) =>
        Revising.amend(stored, timed(press), revised, { now: present, next: ruled.electorate })
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
  function mayAmendTo({ id, by }: Pick<Press, 'id' | 'by'>, edit: Edit): Promise<Ruled & { needsVote: boolean }> {
    return keepingRefusals('amend', by, id, async () => {
      const { change } = await store.get(id)
      const ruled = await rule(await pointingAsKnown(store, edit), amendersWith(change, by))
      return { ...ruled, needsVote: await needsVote(change, by, ruled) }
    })
  }

  /** True if enough people could approve it, but too few once this person has edited it: the electorate is without them. */
  async function needsVote(change: Change, by: string, { requirement, today, electorate }: Ruled): Promise<boolean> {
    const { requester, amenders } = change
    if (canEverBeMet({ ...change, amenders: amendersWith(change, by) }, electorate)) return false
    const rules = today === null ? [requirement] : [requirement, today]
    return canEverBeMet(change, await electorates.forEdit(rules, [requester, ...amenders]))
  }

  /** The same edit over the token as it was found to be. */
  function rebase(pressed: Press): Promise<Change> {
    return keepingRefusals('rebase', pressed.by, pressed.id, async () => {
      const { change } = await store.get(pressed.id)
      const press = await asKnown(change, pressed)
      if (isRebased(change, press)) return change
      const { decide } = await rebasing(change, press)
      return counted(await record(press.id, press.by, decide, requirePace))
    })
  }

  /** Slack may deliver it again. */
  function isRebased({ revision, rebased }: Change, press: Press): boolean {
    return revision === press.revision + 1 && rebased?.revision === revision && rebased.by === press.by
  }

  /** Resolves to what a rebase by this person would ask for, and of whom: shown before they are asked again. */
  function mayRebase(pressed: Press): Promise<Rebasing> {
    return keepingRefusals('rebase', pressed.by, pressed.id, async () => {
      const { change } = await store.get(pressed.id)
      const press = await asKnown(change, pressed)
      const { decide, ...rebase } = await rebasing(change, press)
      decide(change)
      return { change, by: press.by, ...rebase }
    })
  }

  async function rebasing(change: Change, press: Press) {
    if (change.status !== 'drifted') throw tooLate(change, 'rebase')
    const content = { before: change.live, after: rebased(change, change.live), reason: change.reason }
    await requireSound(change.stack, content)
    requireAskers(change, await electorateOf(change, press.by), 'rebased')
    const undone = `Change #${change.id} was not rebased`
    const { revised, ruled } = await revise(change, press.by, content, undone)
    const decide = (stored: Change) => Revising.rebase(stored, timed(press), revised, ruled.electorate)
    return { revised, ruled, decide }
  }

  /** A rebase has no fields to correct, so what a form would refuse is refused here. */
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

  /** The same edit, asked for by whoever presses instead of those who may no longer ask. */
  function takeOver(press: Press): Promise<Change> {
    return keepingRefusals('take over', press.by, press.id, () => namingHeirs(press, () => takenOver(press)))
  }

  /** Resolves to the change, and who takes it over, if this person could now: asked before they are asked again. */
  function mayTakeOver(press: Press): Promise<{ change: Change; by: string }> {
    return keepingRefusals('take over', press.by, press.id, () =>
      namingHeirs(press, async () => {
        const { change, decide } = await takingOver(press)
        decide(change)
        return { change, by: press.by }
      }),
    )
  }

  async function takenOver(press: Press): Promise<Change> {
    const { change: stored } = await store.get(press.id)
    if (isTakenOver(stored, press)) return stored
    const { change, decide } = await takingOver(press)
    const room = change.requester === press.by ? requirePace : requireRoomOfOwn
    return counted(await record(press.id, press.by, decide, room))
  }

  /** Who may still ask for it is noted first, so it is read again after that. */
  async function takingOver(press: Press) {
    const present = await electorateOf((await store.get(press.id)).change, press.by)
    const { change } = await store.get(press.id)
    requireOrphaned(change, press, present)
    const from = present.barredAskers.map(({ by }) => by)
    const askers = askersAfter(change, press.by, from)
    const undone = `Change #${change.id} was not taken over`
    const { requirement, today, electorate: next } = await rule({ ...change, ...askers }, askers.amenders, undone)
    const { before, after, reason } = change
    const revised = { before, after, reason, requirement, today, ...waiting(change.stack) }
    return { change, decide: (last: Change) => takenOverBy(last, timed(press), revised, { now: present, next }) }
  }

  /** Whoever can't take it over is told who can. */
  async function namingHeirs<T>({ id, by }: Press, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'not_allowed')) throw error
      const { change } = await store.get(id)
      throw sayingWhoCan(error, change, by, await allHeirsOf(change).catch(() => null))
    }
  }

  /** Slack may deliver the press again. */
  function isTakenOver({ revision, takenOver }: Change, press: Press): boolean {
    return revision === press.revision + 1 && takenOver?.at(-1)?.by === press.by
  }

  type Content = Pick<Revised, 'before' | 'after' | 'reason'>

  async function revise(change: Change, by: string, content: Content, undone?: string) {
    const edit = await pointingAsKnown(store, { ...change, ...content })
    const { before, after, reason } = edit
    const ruled = await rule(edit, amendersWith(change, by), undone)
    const { requirement, today } = ruled
    const revised: Revised = { before, after, reason, requirement, today, ...waiting(change.stack) }
    return { revised, ruled }
  }
}
