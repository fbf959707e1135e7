import { seatedIn } from '../../domain/change/approvals.ts'
import { asOf } from '../../domain/change/as-of.ts'
import type { Change } from '../../domain/change/change.ts'
import * as Deciding from '../../domain/change/deciding.ts'
import { bringsNoNearer, type Electorate } from '../../domain/change/electorate.ts'
import type { ChangeEvent } from '../../domain/change/event.ts'
import * as Looking from '../../domain/change/looking.ts'
import * as Waiting from '../../domain/change/reminders.ts'
import type { Acting, Deps, Press } from './acting.ts'

/** Approving, rejecting, and what else is done about a change that waits for it. */
export function createDeciding({ store, electorates, policyFor, now }: Deps, acting: Acting) {
  const { keepingRefusals, electorateOf, record, decide, decideOn, tryOut, counted, timed } = acting
  return { approve, approveUnconfirmed, mayApprove, reject, mayReject, claim, stopLooking, nudge }

  /** `confirmed`: true if they typed the token's name in the form. */
  function approve(press: Press, comment: string, confirmed = false): Promise<Change> {
    return decide('approve', press, approval(press, comment, confirmed))
  }

  /**
   * Approves without the form. If a current rule asks for the form, or the approval would bring the change no nearer,
   * nothing is decided, and it resolves to null.
   */
  function approveUnconfirmed(press: Press): Promise<Change | null> {
    return keepingRefusals('approve', press.by, press.id, async () => {
      const { change } = await store.get(press.id)
      const electorate = await electorateOf(change, press.by)
      if (electorate.confirm || bringsNoNearer(change, press.by, electorate)) return null
      return record(press.id, press.by, (stored) => approval(press, '', false)(stored, electorate))
    })
  }

  /**
   * Resolves to the change as it stands, if they have to confirm, and if it brings the change no nearer, if this person
   * could approve it now: asked before the form.
   */
  function mayApprove(press: Press): Promise<{ change: Change; confirm: boolean; noNearer: boolean }> {
    return keepingRefusals('approve', press.by, press.id, async () => {
      const { change } = await store.get(press.id)
      const electorate = await electorateOf(change, press.by)
      approval(press, '', true)(change, electorate)
      const seated = seatedIn(change, electorate)
      const noNearer = bringsNoNearer(change, press.by, electorate)
      const shown = asOf({ ...change, ...(seated && { seated }) }, now())
      return { change: shown, confirm: electorate.confirm, noNearer }
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

  function claim(press: Press): Promise<Change> {
    return decide('claim', press, (change, electorate) => Looking.claim(change, timed(press), electorate))
  }

  function stopLooking(press: Press): Promise<Change> {
    return decide('claim', press, (change) => Looking.stopLooking(change, timed(press)))
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

  function approval(press: Press, comment: string, confirmed: boolean) {
    return (change: Change, electorate: Electorate): ChangeEvent =>
      Deciding.approve(change, timed({ ...press, comment, confirmed }), electorate)
  }
}
