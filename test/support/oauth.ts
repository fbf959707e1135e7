import type { OAuthApp } from '../../src/contentstack/oauth/app.ts'
import { beginConsent } from '../../src/contentstack/oauth/consent.ts'
import { oauthCredential } from '../../src/contentstack/oauth/fresh-access.ts'
import { grantFrom } from '../../src/contentstack/oauth/renewal.ts'
import { sealed } from '../../src/contentstack/oauth/sealed.ts'
import { createTokenEndpoint } from '../../src/contentstack/oauth/token-endpoint.ts'
import { auditKey } from '../../src/domain/audit/chain.ts'
import type { EmulatedStack } from '../../src/sandbox/stack/stack.ts'
import { createSteadyClock } from '../../src/steady-clock.ts'
import { openBesideTheApp } from '../../src/storage/engine/beside-the-app.ts'
import { grantsAt as grantsIn } from '../../src/storage/engine/grants.ts'

export const credentialsKey = 'credentials-key-of-thirty-two-and-more'

/** The app of the emulated stack, as the settings would have it. */
function appOf({ url, oauth: { app } }: EmulatedStack): OAuthApp {
  return { ...app, appUrl: url, tokenUrl: `${url}/apps-api/token` }
}

/** Opens the address as a browser does, and lets the app in, or not; resolves to where the browser is sent then. */
export async function consentsAt(address: string, consent: 'yes' | 'no' = 'yes'): Promise<string> {
  const page = address.replace('/#!/', '/')
  const answer = await fetch(`${page}&consent=${consent}`, { redirect: 'manual' })
  const to = answer.headers.get('location')
  if (to === null) throw new Error(`The page says: ${await answer.text()}`)
  return to
}

type Options = {
  readonly now?: () => Date
  readonly key?: string
  readonly name?: string
  /** The key of the log. */
  readonly auditKey?: string | null
}

/** Lets the app in at the stack, as `connect` does. */
export async function connectStack(stack: EmulatedStack, database: string, options: Options = {}): Promise<void> {
  const { now = () => new Date(), key = credentialsKey, name = 'website', auditKey: logKey = null } = options
  const app = appOf(stack)
  const consent = beginConsent(app)
  const back = consent.read(new URL(await consentsAt(consent.address)).searchParams)
  if (back.kind !== 'code') throw new Error('There was no code.')
  const answered = await createTokenEndpoint(app).exchange(back.code, consent.verifier)
  if (answered.kind !== 'granted') throw new Error(answered.why)
  const owner = { stack: name, clientId: app.clientId }
  const grant = grantFrom(answered.tokens, now(), '')
  const store = await openBesideTheApp({ path: database, now, key: auditKey(logKey) })
  await store.keepGrant(name, { clientId: app.clientId, sealed: sealed(grant, key, owner) }, 'operator:root')
  await store.close()
}

export function grantsAt(database: string, now = () => new Date()) {
  return grantsIn(
    database,
    createSteadyClock(now, () => now().getTime()),
  )
}

/** The credential as each process has its own. */
export function credentialAt(stack: EmulatedStack, database: string, options: Options & { renews?: boolean } = {}) {
  const { now = () => new Date(), key = credentialsKey, name = 'website', renews = true } = options
  const monotonic = () => now().getTime()
  return oauthCredential({ name, app: appOf(stack), key, grants: grantsAt(database, now), now, monotonic, renews })
}
