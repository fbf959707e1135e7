import type { StackConfig } from '../config/settings.ts'
import { defaultAuthtoken } from '../config/variables.ts'
import { authtokenCredential, type Credential } from '../contentstack/credential.ts'
import { oauthCredential } from '../contentstack/oauth/fresh-access.ts'
import { createSteadyClock } from '../steady-clock.ts'
import { grantsAt } from '../storage/engine/grants.ts'

type Around = {
  readonly now?: () => Date
  readonly monotonic?: () => number
  /** False for whoever must not change what is stored. */
  readonly renews?: boolean
}

/** The app's credential at a stack, by its settings. Throws a Refusal for an authtoken that can't be sent. */
export function credentialOf({ name, authtoken, authtokenIn, oauth }: StackConfig, around: Around = {}): Credential {
  if (!oauth) return authtokenCredential(authtoken, authtokenIn ?? defaultAuthtoken)
  const { now = () => new Date(), monotonic = () => performance.now() } = around
  const { key, database, ...app } = oauth
  return oauthCredential({ ...around, name, app, key, grants: grantsAt(database, createSteadyClock(now, monotonic)) })
}
