import type { Change } from '../../domain/change/change.ts'
import type { Lease } from '../../domain/change/parts.ts'
import { goneUnwritten, isGone, missing, TokenMissing } from '../../domain/looks/gone.ts'
import { turnDownUnlooked } from '../../domain/looks/settle.ts'
import { inWords, isOwn } from '../../domain/outside-trouble.ts'
import { aliasesUnknown, aliasInWords, lostAliases, type Pointing, whyUntold } from '../../domain/token/targets.ts'
import type { StackFacts, Token } from '../../domain/token/token.ts'
import type { ChangeWrites } from '../../ports/changes.ts'
import type { LookWrites } from '../../ports/looks.ts'
import type { LiveToken, StackApi } from '../../ports/stack.ts'
import type { OnLook } from '../looks/listing.ts'
import { app, type Unwritten } from './unwritten.ts'

type Deps = {
  store: ChangeWrites & LookWrites
  stackFor: (name: string) => StackApi
  unwritten: Unwritten
  /** Reads where a stack's aliases point, seen within the last minute. */
  factsOfLate: (stack: string) => Promise<StackFacts>
  /** Called with the token as it is once a change has been applied to it, or was not. */
  onLook: OnLook
  now: () => Date
}

/** `believed`: false if the stack showed something older than what is known. */
export type Look = { readonly live: LiveToken; readonly began: string; readonly believed: boolean }

export type OwnLooks = ReturnType<typeof createOwnLooks>

/** The looks at a token that an apply itself makes, ahead of everything else that asks the stack. */
export function createOwnLooks({ store, stackFor, unwritten, factsOfLate, onLook, now }: Deps) {
  return { look, beforeWriting, orPutOff, whereAliasesPoint, report }

  /**
   * The look is remembered too, so that the next form opens with the token as it is now. First, while the change is
   * still being applied, so that its own write is not taken for an edit made elsewhere.
   */
  async function look({ stack, tokenUid }: Change): Promise<Look> {
    const began = now().toISOString()
    const live = await stackFor(stack).token(tokenUid, { first: true })
    return { began, live, believed: await store.rememberToken(withoutRaw(live), began) }
  }

  /** Tells those who watch the token, unless it showed something older. */
  async function report({ live, began, believed }: Look): Promise<void> {
    if (believed) await onLook([withoutRaw(live)], began)
  }

  /** Nothing has been sent yet, so a failure here is known to have changed nothing. */
  async function beforeWriting(change: Change, lease: Lease): Promise<Look | null> {
    try {
      return await look(change)
    } catch (error) {
      if (isGone(error)) await unwritten.fail(change, lease, goneUnwritten)
      else await unwritten.tryLater(change, lease, error instanceof TokenMissing ? missing : inWords(error))
      if (isOwn(error)) throw error
      return null
    }
  }

  /** Null if the token can't be looked at, and need not be for this change to be tried again. */
  async function orPutOff(change: Change, lease: Lease): Promise<Look | null> {
    try {
      return await look(change)
    } catch (error) {
      if (isGone(error) || isOwn(error)) throw error
      const { change: left } = await store.record(change.id, app, (stored) =>
        turnDownUnlooked(stored, { lease, at: now() }),
      )
      if (left.status === 'applying') throw error
      return null
    }
  }

  /** For a change with aliases. Null if nobody can tell now: then it is tried again later. */
  async function whereAliasesPoint(change: Change, lease: Lease): Promise<Pointing | null> {
    if (change.before.aliasTargets === undefined && aliasesUnknown(change).length === 0) return {}
    try {
      const facts = await factsOfLate(change.stack)
      const untold = whyUntold(change, facts)
      if (untold !== null) throw new Error(untold)
      const [lost] = lostAliases(change, facts)
      if (lost === undefined) return facts
      const whose = lost.isAdded ? 'which this change would add' : 'which the token has'
      const why = `the stack no longer says what the alias ${aliasInWords({}, lost.alias)} points to, ${whose}`
      await unwritten.tryLater(change, lease, why)
      return null
    } catch (error) {
      const why = `what the token's aliases point to could not be looked up: ${inWords(error)}`
      await unwritten.tryLater(change, lease, why)
      if (isOwn(error)) throw error
      return null
    }
  }
}

function withoutRaw({ raw: _, ...token }: LiveToken): Token {
  return token
}
