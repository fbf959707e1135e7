import { setTimeout as wait } from 'node:timers/promises'
import type { Grants, KeptGrant } from '../../ports/grants.ts'
import { type Grant, type Owner, sealed } from './sealed.ts'
import { type Answered, answersWithinMs, type createTokenEndpoint, type Tokens } from './token-endpoint.ts'
import { appRefused, hasEnded, noForNow, notRenewed, notStored } from './words.ts'

/** Milliseconds for which whoever renews keeps others from it: for longer than an answer may take. */
const holdMs = answersWithinMs + 25_000

/** Milliseconds between two tries to store what was granted, and how many there are before it is said. */
const [storesAgainMs, mostStores] = [50, 20]

type Deps = {
  readonly owner: Owner
  readonly key: string
  readonly grants: Grants
  readonly endpoint: Pick<ReturnType<typeof createTokenEndpoint>, 'renew'>
  readonly now: () => Date
}

type Unstored = { readonly number: number; readonly grant: Grant }

/**
 * Renews a grant, in this order: the claim is on disk, Contentstack is asked, the new grant is on disk, and only then
 * is it used. A process that dies between the last two loses it, since Contentstack takes a refresh token only once.
 */
export function createRenewal({ owner, key, grants, endpoint, now }: Deps) {
  const { stack, clientId } = owner
  let unstored: Unstored | null = null
  return { renew, storeWhatIsLeft }

  /** False if another process has the claim. Throws an AccessRefused or a StackOutage. */
  async function renew(kept: KeptGrant, old: Grant): Promise<boolean> {
    const until = new Date(now().getTime() + holdMs).toISOString()
    if (!(await grants.renewalBegins(stack, kept.number, until))) return false
    const answered = await endpoint.renew(old.refresh)
    if (answered.kind !== 'granted') throw await notGranted(kept, answered)
    unstored = { number: kept.number, grant: grantFrom(answered.tokens, now(), old.refresh) }
    await storeWhatIsLeft()
    return true
  }

  /** Stores what was granted and could not be stored yet: nobody else has it. */
  async function storeWhatIsLeft(): Promise<void> {
    for (let tries = 1; unstored !== null; tries++)
      try {
        const { number, grant } = unstored
        await grants.grantIsRenewed(stack, number, { clientId, sealed: sealed(grant, key, owner) })
        unstored = null
      } catch (error) {
        if (tries >= mostStores) throw notStored(stack, (error as Error).message)
        await wait(storesAgainMs)
      }
  }

  async function notGranted(
    { number, renewalBegan }: KeptGrant,
    answered: Exclude<Answered, { kind: 'granted' }>,
  ): Promise<Error> {
    if (answered.kind === 'refused') {
      const end = renewalBegan === null ? 'refused' : 'lost'
      await grants.grantEnded(stack, number, end)
      return hasEnded(stack, end)
    }
    await grants.renewalFailed(stack, number, { isUnknown: answered.kind === 'unknown' || renewalBegan !== null })
    if (answered.kind === 'no') return noForNow(stack, answered.why)
    return answered.kind === 'app refused' ? appRefused(stack, answered.why) : notRenewed(stack, answered.why)
  }
}

/** `earlier`: goes on if there is no new one. */
export function grantFrom({ access, refresh, seconds }: Tokens, at: Date, earlier: string): Grant {
  return { access, refresh: refresh ?? earlier, until: new Date(at.getTime() + seconds * 1000).toISOString() }
}
