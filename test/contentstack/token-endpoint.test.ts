import { expect, test } from 'vitest'
import { createTokenEndpoint } from '../../src/contentstack/oauth/token-endpoint.ts'

const app = {
  ...{ appUid: 'app', clientId: 'client', clientSecret: 'client-secret-1' },
  ...{ redirectUri: 'http://127.0.0.1:1/', appUrl: 'https://app.invalid', tokenUrl: 'https://app.invalid/token' },
}

function renewWith(status: number, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return createTokenEndpoint(app, async () => new Response(text, { status })).renew('refresh-token-1')
}

test.each([
  ['a refresh token that was used', 400, { message: ['invalid refresh_token'] }, 'refused'],
  ['the same, in another field', 400, { error: 'invalid refresh_token' }, 'refused'],
  ['the same, as the standard has it', 400, { error: 'invalid_grant', error_description: 'No client may.' }, 'refused'],
  ['one that was revoked', 422, { error_message: 'The refresh token has been revoked.' }, 'refused'],
  ['one that is repeated', 400, { message: 'Refresh token refresh-token-1 is expired' }, 'refused'],
  ['a request that is not taken', 400, { statusCode: 400, message: ['Bad Request'], error: 'Bad Request' }, 'no'],
  ['a request that lost its form', 400, { message: ['refresh_token should not be empty'] }, 'no'],
  ['a request that is not valid', 422, { error: 'invalid_request', error_description: 'No such field.' }, 'no'],
  ['a token that may be any', 400, { message: 'The session token has expired.' }, 'no'],
  ["a proxy's page", 400, '<h1>Bad Request: invalid refresh_token</h1>', 'unknown'],
  ["a proxy's own JSON", 400, { detail: 'Bad request', errors: [{ message: 'Bad request' }] }, 'unknown'],
  ['nothing at all', 400, '', 'unknown'],
  ['a kind of grant that the app may not use', 400, { error: 'invalid_grant_type' }, 'app refused'],
  ['an app that is not known', 401, { error: 'invalid_client' }, 'app refused'],
  ['an app without the right', 403, { error_message: 'No.' }, 'app refused'],
  ['another redirect URI', 400, { message: 'redirect_uri does not match' }, 'app refused'],
  ['a kind of grant, in words', 400, { message: ['grant_type refresh_token is invalid'] }, 'app refused'],
  [
    'a kind of grant, with words about the token',
    400,
    { error: 'unsupported_grant_type', error_description: 'The refresh token is invalid' },
    'app refused',
  ],
  [
    'a secret that may be wrong',
    400,
    { error: 'invalid_client', error_description: 'The refresh token or client secret is invalid' },
    'app refused',
  ],
  ['what it lacks, beside one word', 400, { error: 'Invalid', message: 'refresh_token is required' }, 'no'],
  ['trouble of its own', 400, { message: 'Refresh token failed with unknown error' }, 'no'],
  ['a cache of its own', 423, { message: 'refresh token cache expired, retry' }, 'no'],
  ['one that is no longer valid', 400, { message: ['The refresh token is no longer valid'] }, 'refused'],
  ['one that is not found, among others', 400, { message: ['No.', 'refresh_token not found'] }, 'refused'],
  ['too many requests', 429, { message: 'Too many requests' }, 'not done'],
  ['another address', 404, { message: 'Not found' }, 'unknown'],
  ["a firewall's page", 403, '<h1>Blocked</h1>', 'unknown'],
  ['a redirect', 302, '', 'unknown'],
  ['a gateway', 502, { message: 'Bad gateway' }, 'unknown'],
  ['success without tokens', 200, { notice: 'Hello' }, 'unknown'],
  ['success with a token that is none', 200, { access_token: 'a' }, 'unknown'],
  ['success with a token that no header takes', 200, { access_token: 'a b' }, 'unknown'],
])('the answer to a renewal is judged by what it proves: %s', async (_, status, body, kind) => {
  expect(await renewWith(status, body)).toMatchObject({ kind })
})

test('an answer that repeats what was sent does not spread it', async () => {
  const { why } = (await renewWith(400, { error: 'refresh-token-1 of client-secret-1 is unknown' })) as { why: string }
  expect(why).toBe('it answered: [secret] of [secret] is unknown (status 400)')
})

test.each([1e20, 3e11, -60, 0, 'soon', null])(
  'a lifetime that cannot be one is taken for an hour: %s',
  async (expires_in) => {
    const answered = await renewWith(200, {
      access_token: 'access-token-1',
      refresh_token: 'refresh-token-2',
      expires_in,
    })
    expect(answered).toMatchObject({ kind: 'granted', tokens: { access: 'access-token-1', seconds: 3600 } })
  },
)

test('tokens without a lifetime last an hour, and a renewal without a new refresh token keeps the one before', async () => {
  expect(await renewWith(200, { access_token: 'access-token-1' })).toEqual({
    kind: 'granted',
    tokens: { access: 'access-token-1', refresh: null, seconds: 3600 },
  })
})
