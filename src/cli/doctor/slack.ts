import { fromOutside } from '../../domain/from-outside.ts'
import { askSlack, type Heard } from '../../slack/calls/ask.ts'
import { kindOf } from '../../slack/calls/no-kinds.ts'
import { SlackNo } from '../../slack/calls/said.ts'
import { neededScopes, optionalScopes } from '../../slack/calls/scopes.ts'
import { type Check, error, type Finding, lookAll, ok, type Said, slackSaysNo, warning } from './finding.ts'

type Access = { readonly botToken: string; readonly apiUrl: string | null }

export type BotToken = {
  readonly findings: readonly Finding[]
  /** True if Slack takes it, so that it can be asked about channels and people. */
  readonly isTaken: boolean
}

/** The findings of one call: is the bot token good, what was it granted, and what time is it at Slack? */
export async function botTokenSays({ botToken, apiUrl }: Access, now: () => Date): Promise<BotToken> {
  const asked = now().getTime()
  const hearing = askSlack({ method: 'auth.test', token: botToken, apiUrl })
  const heard = await hearing.catch(() => null)
  const between = new Date((asked + now().getTime()) / 2)
  const known: Check[] = heard
    ? [
        { area: 'clock', look: async () => clockSays(heard.date, between) },
        ...(heard.answer.ok ? [{ area: 'slack scopes', look: async () => scopesSay(heard.scopes) }] : []),
      ]
    : []
  const token = { area: 'slack token', look: async () => tokenSays(await hearing) }
  return { findings: await lookAll([token, ...known]), isTaken: heard?.answer.ok ?? false }
}

function tokenSays({ answer }: Heard): Said {
  if (!answer.ok && kindOf(answer.error) !== 'token') return slackSaysNo(new SlackNo('auth.test', answer))
  if (!answer.ok)
    return error(
      `Slack does not accept the bot token (${answer.error}).`,
      'Copy the "Bot User OAuth Token" (xoxb-…) of the installed app into SLACK_BOT_TOKEN.',
    )
  if (!answer.bot_id)
    return error(
      'SLACK_BOT_TOKEN is the token of a person, not of the app.',
      'Put the "Bot User OAuth Token" (xoxb-…) there.',
    )
  return ok(`Slack accepts the bot token: ${quoted(answer.user)} in ${quoted(answer.team)}.`)
}

/** Slack's date is cut to the second, so half a second is added. */
function clockSays(date: Date | null, here: Date): Said {
  if (!date) return warning("Slack did not say what time it is, so this machine's clock is not compared.")
  const seconds = Math.round((here.getTime() - date.getTime() - 500) / 1000)
  const off = Math.abs(seconds)
  const says = `This machine's clock is ${off} ${off === 1 ? 'second' : 'seconds'} ${seconds < 0 ? 'behind' : 'ahead of'} Slack's.`
  const todo = 'Set the clock over the network (NTP).'
  if (off > 300)
    return error(
      says,
      `${todo} Over HTTP, requests are refused beyond 5 minutes; reminders and expiries come at the wrong time.`,
    )
  return off > 60 ? warning(says, `${todo} Reminders and expiries come too early or too late by as much.`) : ok(says)
}

/** Source of the header: the official client reads it as the granted scopes. */
function scopesSay(granted: readonly string[] | null): Said | Said[] {
  if (!granted) return warning('Slack did not say which scopes were granted.')
  const missing = neededScopes.filter((scope) => !granted.includes(scope))
  const needless = granted.filter((scope) => !neededScopes.includes(scope) && !optionalScopes.includes(scope))
  const again = "Paste manifest.yml into the app's settings again, and reinstall the app."
  const said = [
    ...(missing.length > 0 ? [error(`The app lacks ${listed(missing)}.`, again)] : []),
    ...(needless.length > 0 ? [warning(`The app has ${listed(needless)}, but never uses it.`, again)] : []),
  ]
  return said.length > 0 ? said : ok(`The app has what it needs: ${quoted(granted.join(', '))}.`)
}

/** Slack's own words, whatever their type. */
function quoted(word: unknown): string {
  return fromOutside(String(word))
}

function listed(scopes: readonly string[]): string {
  return `the ${scopes.length === 1 ? 'scope' : 'scopes'} ${quoted(scopes.join(', '))}`
}
