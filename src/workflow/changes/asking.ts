import type { Ask } from '../../domain/change/ask.ts'
import * as Asking from '../../domain/change/asking.ts'
import { asksAlready } from '../../domain/change/asks-already.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Edit } from '../../domain/change/edit.ts'
import type { Refusing } from '../../domain/policy/always-refused.ts'
import { protection } from '../../domain/policy/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import { requireRoom } from '../../domain/room.ts'
import type { Settings, Token } from '../../domain/token/token.ts'
import type { StoredChange } from '../../ports/changes.ts'
import { pointingAsKnown } from '../targets.ts'
import type { Acting, Deps, Ruled } from './acting.ts'
import { notAmongAskers } from './rulings.ts'

/** Asking for a change. */
export function createAsking(
  { store, electorates, policyFor }: Deps,
  { keepingRefusals, rule, waiting, counted, at }: Acting,
) {
  return { propose, mayOpen, whyNotOpen, whyNotAsked, mayPropose, alreadyAsked, refusing }

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
   * Throws a Refusal for a token that the policy protects, or that would get a protected name, and for people who may not
   * ask. Asked before a form opens: where Slack can't tell who may, the form opens, and its preview tells.
   */
  function mayOpen({ token, after }: { token: Token; after?: Settings | undefined }, by: string): Promise<void> {
    const { stack, uid: tokenUid, settings: before } = token
    return keepingRefusals('propose', by, null, async () => {
      const why = protection(policyFor(stack), { tokenUid, before, after })
      if (why !== null) throw new Refusal('not_allowed', `${why} Nothing was opened.`)
      await electorates.requireAsker({ stack, requester: by }, 'Nothing was opened').catch(passOverOutage)
    })
  }

  /**
   * Why this person could not open the token's form, in words; null if they could, or if Slack can't tell now. Nobody
   * has tried it, so nothing is recorded.
   */
  async function whyNotOpen({ stack, uid, settings }: Token, by: string): Promise<string | null> {
    const why = protection(policyFor(stack), { tokenUid: uid, before: settings })
    if (why !== null) return why
    const may = await electorates.mayAsk(stack, by).catch((error: unknown) => {
      passOverOutage(error)
      return true
    })
    return may ? null : `${notAmongAskers}: ask whoever runs Countersign who may.`
  }

  /** The same for one edit: why the policy lets nobody ask for it. */
  async function whyNotAsked(edit: Edit): Promise<string | null> {
    try {
      await rule(await pointingAsKnown(store, edit), [])
      return null
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.code === 'unavailable' ? null : error.message
    }
  }

  /** The open change in which the requester asks for this edit already; null if there is none. */
  async function alreadyAsked(edit: Edit): Promise<StoredChange | null> {
    const own = await electorates.askedBy(edit.requester, await store.openChanges(edit))
    return asksAlready(own, edit)[0] ?? null
  }

  /** Tells which choices the policy can only refuse; none, if Slack can't tell now who asks. */
  function refusing(edit: Omit<Edit, 'after'>): Promise<Refusing> {
    return electorates.refusing(edit).catch((error: unknown) => {
      passOverOutage(error)
      return () => null
    })
  }

  /** The approvals that this edit would need, and who could decide on it now: asked before it is sent. */
  function mayPropose(edit: Edit): Promise<Ruled> {
    return keepingRefusals('propose', edit.requester, null, async () => {
      requireRoom(await store.waiting(edit))
      return rule(await pointingAsKnown(store, edit), [])
    })
  }
}

function passOverOutage(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'unavailable')) throw error
}
