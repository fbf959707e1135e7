import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type OAuthApp, scopes } from './app.ts'

/** One person's way through Contentstack's page and back. */
export type Consent = {
  /** To be opened in the browser of somebody who may manage the stack's tokens. */
  readonly address: string
  /** Proves that whoever brings the code began here. */
  readonly verifier: string
  /** Reads the address that the browser was sent back to. */
  read(back: URLSearchParams): Back
}

export type Back =
  | { readonly kind: 'code'; readonly code: string }
  /** Contentstack's own words, from outside. */
  | { readonly kind: 'no'; readonly why: string }
  /** It belongs to another attempt, or somebody made it up. */
  | { readonly kind: 'not ours' }

/** Sources: contentstack.md §5; "PKCE for Contentstack OAuth" (2026-03-26). */
export function beginConsent(app: OAuthApp): Consent {
  const [state, verifier] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  // Behind the hash, a plus need not be read as a space.
  const asked = query.toString().replaceAll('+', '%20')
  return { address: `${app.appUrl}/#!/apps/${app.appUid}/authorize?${asked}`, verifier, read }

  function read(back: URLSearchParams): Back {
    if (!isSame(back.get('state') ?? '', state)) return { kind: 'not ours' }
    const [code, error] = [back.get('code'), back.get('error')]
    if (code !== null && code !== '' && error === null) return { kind: 'code', code }
    return { kind: 'no', why: back.get('error_description') ?? error ?? 'no reason given' }
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(a!, b!)
}
