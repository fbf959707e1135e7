import { WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import { slackFetch } from '../../../src/slack/calls/answers.ts'
import { checkAppToken } from '../../../src/slack/calls/app-token.ts'
import { openWebApi } from '../../../src/slack/calls/web-api.ts'
import { startWebApi } from '../workspace.ts'

async function check(answer: object): Promise<void> {
  const { apiUrl } = await startWebApi({ 'apps.connections.open': answer })
  const options = { slackApiUrl: apiUrl, fetch: slackFetch({ apiUrl }), retryConfig: { retries: 0 } }
  return checkAppToken(new WebClient('xapp-test', options))
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
  [
    'two_factor_setup_required',
    /^The settings of this Slack workspace do not let .* ask the workspace's administrators/,
  ],
  ['ekm_access_denied', /^The settings of this Slack workspace do not let .* ask the workspace's administrators/],
  [
    'enterprise_is_restricted',
    /^The settings of this Slack workspace do not let .* ask the workspace's administrators/,
  ],
  ['plan_upgrade_required', /^The plan of this Slack workspace does not include what apps\.connections\.open needs/],
])('a restriction of the workspace is not blamed on the app-level token: %s', async (error, words) => {
  const failure = await check({ ok: false, error }).catch(({ message }: Error) => message)
  expect(failure).toMatch(words)
  expect(failure).not.toContain('SLACK_APP_TOKEN')
})

test.each([
  { ok: true, url: 'wss://nowhere' },
  { ok: false, error: 'internal_error' },
  { ok: false, error: 'ratelimited' },
  { ok: false, error: 'unknown_method' },
])('an answer that says nothing against the token does not stop the start: %j', async (answer) => {
  await expect(check(answer)).resolves.toBeUndefined()
})

test("a person's token in the place of the bot token is named, with what to copy instead", async () => {
  const { apiUrl } = await startWebApi({
    'auth.test': { ok: true, url: 'https://example.slack.com/', team_id: 'T0', user_id: 'U0BOB' },
  })
  await expect(openWebApi({ botToken: 'xoxp-test', apiUrl })).rejects.toMatchObject({
    name: 'Refusal',
    message: expect.stringMatching(/SLACK_BOT_TOKEN is not the token of a bot.*copy the "Bot User OAuth Token"/),
  })
})
