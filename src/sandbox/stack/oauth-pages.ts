import type { Answer } from './answers.ts'
import type { Asked } from './endpoints.ts'

/** A request that somebody is asked to agree to. */
export type Request = { readonly back: string; readonly state: string; readonly challenge: string }

type App = { readonly appUid: string; readonly clientId: string; readonly redirectUri: string }

/** The real page is one page for everything: what is asked for is behind the hash, which no server sees. */
export const firstPage: Answer = {
  status: 200,
  body: `<!doctype html><title>Contentstack (emulated)</title><script>
if (location.hash.startsWith('#!/apps/')) location.replace(location.hash.slice(2))
</script><p>Nothing is asked for here.</p>`,
}

/** The request that the page in a browser is about; a text if it would show that instead. Source: contentstack.md §5. */
export function requestIn({ path, query }: Asked, app: App): Request | string {
  if (path !== `/apps/${app.appUid}/authorize`) return 'There is no such app.'
  if (query.get('client_id') !== app.clientId) return 'The client id is not known.'
  if (query.get('redirect_uri') !== app.redirectUri) return 'The redirect URI is not one of the app.'
  if (query.get('response_type') !== 'code') return 'The response type is not supported.'
  if (query.get('code_challenge_method') !== 'S256') return 'The challenge is not S256.'
  return { back: app.redirectUri, state: query.get('state') ?? '', challenge: query.get('code_challenge') ?? '' }
}

export function sorry(text: string): Answer {
  return { status: 400, body: `<!doctype html><title>Contentstack (emulated)</title><p>${text}</p>` }
}

/** The person's own click is a request too. */
export function consentPage({ path, query }: Asked): Answer {
  const link = (consent: string) => {
    const to = new URLSearchParams([...query, ['consent', consent]])
    return `<a href="${path}?${to.toString().replaceAll('&', '&amp;')}">${consent === 'yes' ? 'Authorize' : 'Cancel'}</a>`
  }
  return {
    status: 200,
    body: `<!doctype html><title>Contentstack (emulated)</title><p>Let this app in? ${link('yes')} ${link('no')}</p>`,
  }
}

export function sentBack({ back, state }: Request, given: Record<string, string>): Answer {
  const to = new URL(back)
  for (const [name, value] of Object.entries({ ...given, state })) to.searchParams.set(name, value)
  return { status: 302, body: '', headers: { Location: to.href } }
}
