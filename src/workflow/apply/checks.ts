import { untilKeyIsGiven } from '../../domain/audit/missing-keys.ts'
import { isAllowedStill } from '../../domain/change/applying.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Lease } from '../../domain/change/parts.ts'
import { lookAt } from '../../domain/looks/drift.ts'
import { beforeWriting } from '../../domain/looks/settle.ts'
import { dayOf, whyOver } from '../../domain/token/expiry.ts'
import type { Pointing } from '../../domain/token/targets.ts'
import type { ChangeWrites } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { among } from '../among.ts'
import { asChangeSees } from '../targets.ts'
import type { Look, OwnLooks } from './own-looks.ts'
import { app, type Unwritten } from './unwritten.ts'
import type { WhoDecides } from './who-decides.ts'

type Deps = {
  store: ChangeWrites & LogReads
  unwritten: Unwritten
  looks: OwnLooks
  people: WhoDecides
  steady: SteadyClock
  /** Called once for a change that failed because the log does not bear it out, with what was found there. */
  onDoubt: (change: number, found: string) => void
}

/** All that has to hold right before a change is written. Where something does not, that is recorded. */
export function createChecks({ store, unwritten, looks, people, steady, onDoubt }: Deps) {
  /** Changes that this process lacks a key for: it gets none while it runs. */
  const keyless = new Set<number>()
  return { isInDoubt, isStillKeyless, isStillAsSeen, isAllowedByNow, isOverByNow }

  /**
   * Nothing is written for a change that the log does not bear out: somebody may have made it up in the database. If
   * only a key is missing, it waits.
   */
  async function isInDoubt(change: Change, lease: Lease): Promise<boolean> {
    const doubt = await store.doubt(change)
    if (doubt === null) return false
    if (typeof doubt !== 'string') await unwritten.tryLater(change, lease, untilKeyIsGiven(doubt), doubt.missingKey)
    else await failFor(change, lease, doubt)
    return true
  }

  /** A missing key is noted once, not at each try: the tries lead to nothing else until it is given. */
  async function isStillKeyless(change: Change): Promise<boolean> {
    const untilKey = change.status === 'approved' ? change.interruption?.untilKey : undefined
    if (untilKey === undefined) return false
    const doubt = keyless.has(change.id) ? null : await store.doubt(change)
    if (doubt !== null && typeof doubt !== 'string' && doubt.missingKey === untilKey) keyless.add(change.id)
    return keyless.has(change.id)
  }

  async function failFor(change: Change, lease: Lease, doubt: string): Promise<void> {
    const why = `the audit log does not bear out this change (${doubt}). So nothing more is sent to the stack: whoever runs Countersign should verify the log, and then it can be asked for again`
    // If another process went on with it since, that is not what was checked against the log, and that process checks
    // it again.
    if (await unwritten.fail(change, lease, why)) onDoubt(change.id, doubt)
  }

  /** If it is not, what was found is recorded, and nothing is written. */
  async function isStillAsSeen(change: Change, lease: Lease, found: Look & { facts: Pointing }): Promise<boolean> {
    const { live, believed, facts } = found
    const look = { ...lookAt(live), settings: asChangeSees(change, live.settings, facts) }
    const seen = { look: believed ? look : null, lease, at: steady.now() }
    const { change: left } = await store.record(change.id, app, (stored, ...others) =>
      beforeWriting(stored, { ...seen, ...among(...others) }),
    )
    if (left.status === 'applying') return true
    await looks.report(found)
    return false
  }

  /** If it is not, nothing is written, and the next try finds out what that means. */
  async function isAllowedByNow(change: Change, lease: Lease): Promise<boolean> {
    const electorate = await people.electorateOf(change).catch(async (error: unknown) => {
      const why = 'who may still ask for it and approve it could not be looked up in Slack'
      await unwritten.tryLater(change, lease, why)
      throw error
    })
    if (isAllowedStill(change, electorate)) return true
    const why =
      'while the token was looked at, somebody lost the right to ask for this or to approve it, or the policy now asks for more'
    await unwritten.tryLater(change, lease, why)
    return false
  }

  /**
   * A change approved in time may have waited until its new expiry passed: nobody approved a dead token. If only a
   * clock that was set recently says so, the change waits: the clock may be set right again.
   */
  async function isOverByNow(change: Change, lease: Lease): Promise<boolean> {
    if (whyOver(change, steady.now()) === null) return false
    const day = dayOf(change.after.expiresOn)
    if (whyOver(change, steady.earliest()) === null) {
      const why = `by the clock, its new expiry, ${day}, has passed; but in the last half hour the clock was set, or the machine slept`
      await unwritten.tryLater(change, lease, why)
      return true
    }
    const why = `its new expiry, ${day}, had passed before it was written. So nothing more is sent to the stack: ask again, for a later day`
    await unwritten.fail(change, lease, why)
    return true
  }
}
