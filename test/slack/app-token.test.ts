import { WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import { checkAppToken } from '../../src/slack/app-token.ts'
import { startWebApi } from './workspace.ts'

async function check(answer: object): Promise<void> {
  const { apiUrl } = await startWebApi({ 'apps.connections.open': answer })
  return checkAppToken(new WebClient('xapp-test', { slackApiUrl: apiUrl, retryConfig: { retries: 0 } }))
}

test.each(['invalid_auth', 'token_revoked', 'missing_scope', 'not_allowed_token_type'])(
  'an app-level token that Slack does not accept is named: %s',
  async (error) => {
    await expect(check({ ok: false, error })).rejects.toThrow(
      `Slack does not accept the token (${error}): check SLACK_APP_TOKEN.`,
    )
  },
)

test.each([
  { ok: true, url: 'wss://nowhere' },
  { ok: false, error: 'internal_error' },
  { ok: false, error: 'ratelimited' },
])('what says nothing against the token keeps nothing from starting: %j', async (answer) => {
  await expect(check(answer)).resolves.toBeUndefined()
})
