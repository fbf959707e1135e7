import type { Transport } from '../slack/link/line.ts'
import { listenHostOf, portNumber } from './parts.ts'
import type { Reading } from './reading.ts'
import { isSafeAddress, isWithoutPassword } from './safe-address.ts'

/** Required. */
export function botTokenOf({ secret, problems }: Reading): string | undefined {
  const token = secret('SLACK_BOT_TOKEN')
  if (!token) problems.push('SLACK_BOT_TOKEN is missing: copy the "Bot User OAuth Token" (xoxb-…) of your Slack app.')
  return token
}

export type SlackAccess = { readonly botToken: string; readonly apiUrl: string | null }

/** Null without a bot token: then nobody is asked. */
export function slackIfGiven(reading: Reading): SlackAccess | null {
  const botToken = reading.secret('SLACK_BOT_TOKEN')
  return botToken ? { botToken, apiUrl: apiUrlOf(reading) } : null
}

/** Null for Slack itself. */
export function apiUrlOf({ variable }: Reading): string | null {
  return variable('SLACK_API_URL') || null
}

/** The same, for an address that tokens are sent to. */
export function safeApiUrlOf(reading: Reading): string | null {
  const address = apiUrlOf(reading)
  const { problems } = reading
  if (address && !isWithoutPassword(address))
    problems.push('SLACK_API_URL has a user or password in it, and no request can be made with them: leave them out.')
  else if (address && !isSafeAddress(address))
    problems.push(
      'SLACK_API_URL is not an https address, so the bot token could be read in transit: leave it out to use Slack itself.',
    )
  return address
}

/** The way Slack reaches the app. */
export function transportOf(reading: Reading): Transport | undefined {
  const { secret, problems } = reading
  const appToken = secret('SLACK_APP_TOKEN')
  const signingSecret = secret('SLACK_SIGNING_SECRET')
  if (appToken && signingSecret) {
    problems.push(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: keep the first for Socket Mode, or the second for HTTP.',
    )
    return undefined
  }
  if (appToken) return { kind: 'socket', appToken, proxies: reading.proxies() }
  if (signingSecret) return overHttp(reading, signingSecret)
  problems.push(
    'SLACK_APP_TOKEN is missing: make an app-level token (xapp-…) with connections:write. For HTTP instead of Socket Mode, set SLACK_SIGNING_SECRET and PORT.',
  )
  return undefined
}

/** Null also without a token or secret that could be the right one. */
export function transportToTry(reading: Reading): Transport | null {
  const transport = transportOf(reading)
  if (!transport) return null
  return reading.unlessMistaken(transport.kind === 'socket' ? 'SLACK_APP_TOKEN' : 'SLACK_SIGNING_SECRET', transport)
}

function overHttp(reading: Reading, signingSecret: string): Transport | undefined {
  const port = portNumber.safeParse(reading.variable('PORT') || undefined)
  if (port.success) return { kind: 'http', signingSecret, port: port.data, host: listenHostOf(reading) }
  reading.problems.push('PORT is missing or not a port number: over HTTP, Slack must be able to reach the app on one.')
  return undefined
}
