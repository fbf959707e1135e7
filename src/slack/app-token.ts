import type { WebClient } from '@slack/web-api'
import { Refusal } from '../domain/refusal.ts'
import { slackErrorName } from './errors.ts'

/**
 * Asks Slack for a connection that nobody then uses, so that a wrong app-level token is known before anything is opened. Throws
 * a Refusal when Slack does not accept the token; whatever else goes wrong here is for the real connection to find.
 */
export async function checkAppToken(client: WebClient): Promise<void> {
  const error = slackErrorName(await client.apps.connections.open({}).catch((reason: unknown) => reason))
  if (error !== null && aboutTheToken.includes(error))
    throw new Refusal(
      'unavailable',
      `Slack does not accept the token (${error}): check SLACK_APP_TOKEN. It is the app-level token (xapp-…) with the scope ` +
        'connections:write. Nothing was opened.',
    )
}

/** Source: docs.slack.dev/reference/methods/apps.connections.open, errors. */
const aboutTheToken = [
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_expired',
  'token_revoked',
  'no_permission',
  'missing_scope',
  'not_allowed_token_type',
  'forbidden_team',
]
