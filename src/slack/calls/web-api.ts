import { type Logger, LogLevel } from '@slack/bolt'
import { WebClient, type WebClientOptions } from '@slack/web-api'
import { Refusal } from '../../domain/refusal.ts'
import { type Answered, answersWithinMs, slackFetch } from './answers.ts'
import type { GivingUp } from './giving-up.ts'
import type { Rests } from './rests.ts'

/** Called with the result of a call. */
export type OnAnswer = (answered: Answered) => void

/** The app as its bot token's workspace knows it. */
export type Installation = {
  /** The workspace. For an organisation's install it is whatever Slack says, which may be the organisation. */
  teamId: string
  teamUrl: string
  botId: string
  botUserId: string
  /** The organisation that the workspace belongs to; null if it belongs to none. */
  enterpriseId: string | null
  /** Installed for a whole organisation rather than for one workspace. */
  isEnterpriseInstall: boolean
}

/** Makes each call once, and ends it within its time. */
export function optionsFor(
  apiUrl: string | null,
  logger: Logger,
  around: { onAnswer?: OnAnswer; rests?: Rests; givingUp?: GivingUp | undefined } = {},
): WebClientOptions {
  return {
    fetch: slackFetch({ apiUrl, ...around }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: answersWithinMs,
    logger,
    ...(apiUrl && { slackApiUrl: apiUrl }),
  }
}

/** Slack's web API alone, to look at people and channels; logs nothing. Throws as createBolt does. */
export async function openWebApi({ botToken, apiUrl }: { botToken: string; apiUrl: string | null }) {
  const silent = () => {}
  const logger = slackLogger({ info: silent, warn: silent, error: silent })
  const client = new WebClient(botToken, optionsFor(apiUrl, logger))
  return { client, installation: await identify(client) }
}

/**
 * Finds out whose token the client has. Throws a Slack error if it is not accepted, and a Refusal if it is not a bot's.
 */
export async function identify(client: WebClient): Promise<Installation> {
  const { team_id, url, bot_id, user_id, enterprise_id, is_enterprise_install } = await client.auth.test()
  const teamId = team_id ?? (is_enterprise_install ? enterprise_id : undefined)
  if (!bot_id)
    throw new Refusal(
      'unavailable',
      'SLACK_BOT_TOKEN is not the token of a bot: copy the "Bot User OAuth Token" (xoxb-…) of your Slack app. Nothing was opened.',
    )
  if (!teamId || !url || !user_id) throw new Error('Slack did not say whose token SLACK_BOT_TOKEN is.')
  return {
    teamId,
    teamUrl: url,
    botId: bot_id,
    botUserId: user_id,
    enterpriseId: enterprise_id ?? null,
    isEnterpriseInstall: is_enterprise_install ?? false,
  }
}

/**
 * Bolt's logger interface over the app's own log. Slack's clients log payloads at debug level, so that level never gets
 * through.
 */
export function slackLogger(log: { info: Log; warn: Log; error: Log }): Logger {
  const say =
    (level: Log) =>
    (...parts: unknown[]) => {
      const error = parts.find((part) => part instanceof Error)
      const text = parts
        .filter((part) => part !== error)
        .map(String)
        .join(' ')
      level({ ...(error && { err: error }) }, text)
    }
  return {
    debug: () => {},
    info: say(log.info),
    warn: say(log.warn),
    error: say(log.error),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  }
}
type Log = (fields: object, text: string) => void
