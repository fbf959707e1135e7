import { setTimeout as wait } from 'node:timers/promises'
import { causeOf } from '../../domain/from-outside.ts'
import { Outage } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Grants, KeptGrant } from '../../ports/grants.ts'
import type { Credential, Header } from '../credential.ts'
import type { OAuthApp } from './app.ts'
import { createRenewal } from './renewal.ts'
import { type Grant, opened } from './sealed.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import {
  hasEnded,
  leftToTheApp,
  NoForNow,
  notConnected,
  notDecrypted,
  notStored,
  remedies,
  renewedByAnother,
} from './words.ts'

type Options = {
  /** The stack's name in the settings. */
  readonly name: string
  readonly app: OAuthApp
  /** Grants are encrypted with it. */
  readonly key: string
  readonly grants: Grants
  readonly now?: () => Date
  readonly monotonic?: () => number
  readonly fetch?: typeof fetch
  /** False for whoever only looks: a renewal changes what is stored. */
  readonly renews?: boolean
}

/** For an access token that is not stored yet. */
export function unstoredCredential(name: string, access: string): Credential {
  return {
    ...{ called: 'access token', secret: access, ...remedies(name) },
    header: async () => ['authorization', `Bearer ${access}`],
    wasRefused: () => false,
    settled: async () => {},
  }
}

type Held = { readonly kept: KeptGrant; readonly grant: Grant }

/** Milliseconds. An access token that ends sooner is renewed; half its time if that is shorter. */
const soonMs = 5 * 60_000
/** Younger ones that are refused are not the trouble: another would be refused as well. */
const youngMs = 10 * 60_000
/** After a renewal that failed. */
const restMs = 10_000
/** How often, and how many times, another process's renewal is looked for. */
const [looksAgainMs, mostLooks] = [100, 300]

/**
 * Lets the app in by OAuth. The grant is read from where it is stored each time, so that all processes have the same, and
 * a stack that is connected anew goes on by itself. One process renews at a time.
 */
export function oauthCredential(options: Options): Credential {
  const { name, app, key, grants, now = () => new Date(), monotonic = () => performance.now(), renews = true } = options
  const owner = { stack: name, clientId: app.clientId }
  const endpoint = createTokenEndpoint(app, options.fetch)
  const renewal = createRenewal({ owner, key, grants, endpoint, now })
  let last: Held | null = null
  let refusedNumber: number | null = null
  let underway: Promise<Held> | null = null
  let failed: { readonly error: unknown; readonly until: number } | null = null
  return { called: 'access token', secret: '', ...remedies(name), header, wasRefused, settled }

  async function header(): Promise<Header> {
    const { grant } = await inWords(usable)
    return ['authorization', `Bearer ${grant.access}`]
  }

  function wasRefused([, value]: Header): boolean {
    if (last === null || value !== `Bearer ${last.grant.access}`) return true
    const age = now().getTime() - Date.parse(last.kept.storedAt)
    if (age >= 0 && age < youngMs) return false
    refusedNumber = last.kept.number
    return true
  }

  /** A process that ends between Contentstack's answer and its storing loses the access. */
  async function settled(): Promise<void> {
    await underway?.catch(() => {})
    await renewal.storeWhatIsLeft().catch(() => {})
  }

  async function usable(): Promise<Held> {
    await renewal.storeWhatIsLeft()
    const held = await read()
    if (!isDue(held)) return held
    if (!renews) return isOver(held) ? Promise.reject(leftToTheApp(name)) : held
    underway ??= renewed(held).finally(() => {
      underway = null
    })
    return underway
  }

  /** The renewed grant; if that fails, the same as long as it lasts. */
  async function renewed(held: Held): Promise<Held> {
    try {
      if (failed !== null && monotonic() < failed.until) throw failed.error
      const found = await untilRenewed(held)
      failed = null
      return found
    } catch (error) {
      if (failed === null || monotonic() >= failed.until) failed = { error, until: monotonic() + restMs }
      const isLasting = error instanceof Refusal && !(error instanceof NoForNow)
      if (isLasting || isOver(held)) throw error
      return held
    }
  }

  async function untilRenewed(held: Held): Promise<Held> {
    let latest = held
    for (let looks = 0; looks < mostLooks; looks++) {
      if (await renewal.renew(latest.kept, latest.grant)) return read()
      if (!isOver(latest)) return latest
      await wait(looksAgainMs)
      latest = await read()
      if (!isDue(latest)) return latest
    }
    throw renewedByAnother(name)
  }

  async function read(): Promise<Held> {
    const kept = await grants.grant(name)
    if (kept === null || kept.clientId !== app.clientId) throw notConnected(name)
    if (kept.ended !== null) throw hasEnded(name, kept.ended)
    const grant = opened(kept.sealed, key, owner)
    if (grant === null) throw notDecrypted(name)
    last = { kept, grant }
    return last
  }

  function isDue({ kept, grant }: Held): boolean {
    const left = Date.parse(grant.until) - now().getTime()
    const whole = Date.parse(grant.until) - Date.parse(kept.storedAt)
    return isOver({ kept, grant }) || left < Math.min(soonMs, whole / 2)
  }

  function isOver({ kept, grant }: Held): boolean {
    return kept.number === refusedNumber || Date.parse(grant.until) <= now().getTime()
  }

  /** The database's own errors say nothing to people. */
  async function inWords<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal || error instanceof Outage) throw error
      throw notStored(name, causeOf(error))
    }
  }
}
