import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, answers } from './answers.ts'
import type { Asked } from './endpoints.ts'
import type { OAuthApp } from './oauth-app.ts'
import { consentPage, firstPage, type Request, requestIn, sentBack, sorry } from './oauth-pages.ts'

/** Ways in which a request for a token can end. */
export type TokenTrouble =
  | 'ok'
  /** The new tokens are granted, and the connection breaks. */
  | 'grant, then close the socket'
  /** The same, and something in between answers. */
  | 'grant, then 502'
  | 'grant, then HTML'
  | 'close the socket'
  | '503'
  | 'HTML'
  /** A no that says nothing of the refresh token. */
  | '400'

type Code = { readonly request: Request; readonly until: number }
type Grant = { access: string; refresh: string; until: number }

export type EmulatedOAuth = ReturnType<typeof createOAuth>['oauth']

type Options = { readonly app?: Partial<OAuthApp>; readonly now: () => number; readonly signal: AbortSignal }

/** Contentstack's side of OAuth: a refresh token is good once, and reuse is refused. Source: contentstack.md §5. */
export function createOAuth({ app: given = {}, now, signal }: Options) {
  const app: OAuthApp = {
    ...{ appUid: '5c1de00000000000000000a1', clientId: '5c1deClientA', clientSecret: null },
    ...{ redirectUri: 'http://127.0.0.1:8184/countersign' },
    ...given,
  }
  const codes = new Map<string, Code>()
  const grants: Grant[] = []
  const counted = { granted: 0, refused: 0 }
  const oauth = {
    app,
    /** How long an access token lasts. */
    accessSeconds: 3600,
    trouble: noTrouble(),
    /** Runs once tokens are granted, before they are answered with. */
    afterGranting: null as (() => Promise<void> | void) | null,
    counted,
    /** How often tokens were asked for. */
    asked: 0,
    /** The tokens that are good now. */
    current: () => grants.at(-1),
    revoke: () => void grants.splice(0),
    /** Ends access tokens alone. */
    endAccess: () => {
      for (const grant of grants) grant.until = 0
    },
  }
  return { oauth, letsIn, answer }

  function letsIn(authorization: string): boolean {
    return grants.some(({ access, until }) => authorization === `Bearer ${access}` && until > now())
  }

  /** Undefined for a request about something else; null closes the socket. */
  async function answer(asked: Asked): Promise<Answer | null | undefined> {
    const { method, path } = asked
    if (method === 'POST' && path === '/apps-api/token') return troubled(asked)
    if (method !== 'GET' || path.startsWith('/v3')) return undefined
    return path === '/' ? firstPage : page(asked)
  }

  function page(asked: Asked): Answer {
    const request = requestIn(asked, app)
    if (typeof request === 'string') return sorry(request)
    const consent = asked.query.get('consent')
    if (consent === null) return consentPage(asked)
    if (consent !== 'yes') return sentBack(request, { error: 'access_denied' })
    const code = secret()
    codes.set(code, { request, until: now() + 60_000 })
    return sentBack(request, { code })
  }

  async function troubled({ form }: Asked): Promise<Answer | null> {
    const { trouble } = oauth
    oauth.asked += 1
    const isTroubled = trouble.answers !== 'ok' && trouble.times-- > 0
    const what = isTroubled ? trouble.answers : 'ok'
    if (trouble.slowMs > 0) await sleep(trouble.slowMs, undefined, { signal })
    if (what === 'close the socket') return null
    if (what === '503') return answers.down
    if (what === 'HTML') return html
    if (what === '400') return { status: 400, body: { message: 'Bad Request' } }
    const answered = tokens(form)
    if (answered.status === 200) await oauth.afterGranting?.()
    if (what === 'grant, then close the socket') return null
    if (what === 'grant, then 502') return { status: 502, body: '<h1>Bad gateway</h1>' }
    return what === 'grant, then HTML' ? html : answered
  }

  function tokens(form: URLSearchParams): Answer {
    if (form.get('client_id') !== app.clientId) return no(401, 'invalid client_id')
    if (app.clientSecret !== null && form.get('client_secret') !== app.clientSecret)
      return no(401, 'invalid client_secret')
    const type = form.get('grant_type')
    if (type === 'authorization_code') return exchanged(form)
    return type === 'refresh_token' ? renewed(form) : no(400, 'invalid grant_type')
  }

  function exchanged(form: URLSearchParams): Answer {
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!code || code.until <= now()) return no(400, 'invalid code')
    if (code.request.challenge !== challenge) return no(400, 'invalid code_verifier')
    return form.get('redirect_uri') === code.request.back ? granted() : no(400, 'invalid redirect_uri')
  }

  function renewed(form: URLSearchParams): Answer {
    const i = grants.findIndex(({ refresh }) => refresh === form.get('refresh_token'))
    if (i < 0) return no(400, 'invalid refresh_token')
    grants.splice(i, 1)
    return granted()
  }

  function granted(): Answer {
    const { accessSeconds } = oauth
    const grant = { access: secret(), refresh: secret(), until: now() + accessSeconds * 1000 }
    grants.push(grant)
    counted.granted += 1
    const about = { token_type: 'Bearer', location: 'NA', authorization_type: 'user' }
    const { access, refresh } = grant
    return {
      status: 200,
      body: { access_token: access, refresh_token: refresh, expires_in: accessSeconds, ...about },
    }
  }

  function no(status: number, why: string): Answer {
    counted.refused += 1
    return { status, body: { message: [why] } }
  }
}

/** `times`: after so many it is over. */
export function noTrouble() {
  return { answers: 'ok' as TokenTrouble, slowMs: 0, times: Number.POSITIVE_INFINITY }
}

const html: Answer = { status: 200, body: '<!doctype html><title>Sign in to the guest network</title>' }

function secret(): string {
  return `oauth-${randomBytes(24).toString('base64url')}`
}
