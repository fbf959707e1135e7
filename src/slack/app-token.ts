import type { WebClient } from '@slack/web-api'
import { endOf } from '../domain/outside-trouble.ts'
import { Refusal } from '../domain/refusal.ts'
import { slackErrorName, slackTrouble } from './errors.ts'
import { kindOf } from './no-kinds.ts'

/**
 * Asks Slack for a connection that nobody then uses, so that a wrong app-level token is known before anything is opened. Throws
 * a Refusal when Slack does not accept the token; whatever else goes wrong here is for the real connection to find.
 */
export async function checkAppToken(client: WebClient): Promise<void> {
  const failure = await client.apps.connections.open({}).catch((reason: unknown) => reason)
  const error = slackErrorName(failure)
  if (error === null) return
  if (blamesAppToken(error))
    throw new Refusal(
      'unavailable',
      `Slack does not accept the token (${error}): check SLACK_APP_TOKEN. It is the app-level token (xapp-…) with the scope ` +
        'connections:write. Nothing was opened.',
    )
  if (endOf(failure) === 'operator') throw new Refusal('unavailable', `${slackTrouble(failure)} Nothing was opened.`)
}

/** True of what another app-level token helps against; else it is about the workspace, or Slack itself. */
export function blamesAppToken(error: string): boolean {
  return ['token', 'scope'].includes(kindOf(error)) || error === 'forbidden_team'
}
