import type { WebClient } from '@slack/web-api'
import { endOf } from '../domain/outside-trouble.ts'
import { Refusal } from '../domain/refusal.ts'
import { slackErrorName } from './errors.ts'

/**
 * Asks Slack for a connection that nobody then uses, so that a wrong app-level token is known before anything is opened. Throws
 * a Refusal when Slack does not accept the token; whatever else goes wrong here is for the real connection to find.
 */
export async function checkAppToken(client: WebClient): Promise<void> {
  const failure = await client.apps.connections.open({}).catch((reason: unknown) => reason)
  const error = slackErrorName(failure)
  if (error !== null && (endOf(failure) === 'operator' || error === 'forbidden_team'))
    throw new Refusal(
      'unavailable',
      `Slack does not accept the token (${error}): check SLACK_APP_TOKEN. It is the app-level token (xapp-…) with the scope ` +
        'connections:write. Nothing was opened.',
    )
}
