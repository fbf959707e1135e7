import type { WebClient } from '@slack/web-api'
import { endOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import { slackErrorName, slackTrouble } from './errors.ts'
import { kindOf } from './no-kinds.ts'

/**
 * Asks Slack for a connection that nobody will use, to find a wrong app-level token before anything is opened. Throws a
 * Refusal if Slack does not accept the token; any other trouble is left for the real connection to find.
 */
export async function checkAppToken(client: WebClient): Promise<void> {
  const failure = await client.apps.connections.open({}).catch((reason: unknown) => reason)
  const trouble = appTokenTrouble(failure)
  if (trouble !== null) throw new Refusal('unavailable', `${trouble} Nothing was opened.`)
}

/**
 * The thing that an operator has to see to before Slack opens a connection, in sentences; null for any other failure.
 */
export function appTokenTrouble(failure: unknown): string | null {
  const error = slackErrorName(failure)
  if (error !== null && blamesAppToken(error))
    return (
      `Slack does not accept the token (${error}): check SLACK_APP_TOKEN. It is the app-level token (xapp-…) with the scope ` +
      'connections:write.'
    )
  return endOf(failure) === 'operator' ? slackTrouble(failure) : null
}

/** True if another app-level token would help; otherwise the error is about the workspace, or Slack itself. */
export function blamesAppToken(error: string): boolean {
  return ['token', 'scope'].includes(kindOf(error)) || error === 'forbidden_team'
}
