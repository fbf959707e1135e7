import { ConfigProblems } from '../../config/settings.ts'
import type { Ask } from '../asker.ts'
import type { Here } from '../command.ts'
import { idsIn, type Question, type QuestionName, questions } from './questions.ts'

/** The one stack of the first settings, and how Slack reaches the app. */
export type Answers = {
  readonly stack: string
  readonly apiKey: string
  readonly region: string
  readonly channel: string
  readonly approvers: readonly string[]
  /** Null for Socket Mode. */
  readonly http: { readonly url: string; readonly port: number } | null
}

/** Answers as typed, to some of the questions. */
export type Given = { readonly [K in QuestionName]?: string }

/**
 * Asks whatever is not given, again until the answer can be used. With nobody to ask, what is not needed is as if
 * nothing had been answered. Throws ConfigProblems with everything given that can't be used, and everything missing.
 */
export async function answersTo(given: Given, ask: Ask | null, { complain }: Pick<Here, 'complain'>): Promise<Answers> {
  const names = Object.keys(questions) as QuestionName[]
  const problems = names.flatMap((name) => problemWith(questions[name], given[name], ask !== null))
  if (given.port !== undefined && !given.url)
    problems.push('--port goes with --url: over Socket Mode, nothing listens.')
  if (problems.length > 0) throw new ConfigProblems([...problems, nothingWritten(ask)])
  const answer = async (name: QuestionName) => given[name] ?? (await answered(questions[name], ask, complain))
  const [stack, apiKey, region] = [await answer('stack'), await answer('apiKey'), await answer('region')]
  const [channel, approvers, url] = [await answer('channel'), idsIn(await answer('approvers')), await answer('url')]
  const http = url === '' ? null : { url: eventsAt(url), port: Number(await answer('port')) }
  return { stack, apiKey, region, channel, approvers, http }
}

/** The address that is given for HTTP, as Slack calls it; null for Socket Mode. Throws ConfigProblems if it can't be used. */
export function addressIn({ url = '' }: Given): string | null {
  const problem = questions.url.wrong(url)
  if (problem !== null) throw new ConfigProblems([`--url: ${problem}.`])
  return url === '' ? null : eventsAt(url)
}

function nothingWritten(ask: Ask | null): string {
  const here = ask === null ? ' Nobody can be asked here, since this is not a terminal: give all of it as options.' : ''
  return `Nothing was written.${here}`
}

function problemWith(
  { option, asks, wrong, otherwise }: Question,
  given: string | undefined,
  canAsk: boolean,
): string[] {
  if (given === undefined) return canAsk || otherwise !== undefined ? [] : [`${option} is missing: ${asks}.`]
  const problem = wrong(given)
  return problem === null ? [] : [`${option}: ${problem}.`]
}

async function answered(
  { asks, wrong, otherwise }: Question,
  ask: Ask | null,
  complain: Here['complain'],
): Promise<string> {
  if (ask === null) return otherwise ?? ''
  for (;;) {
    const answer = (await ask(`${asks}${otherwise ? ` [${otherwise}]` : ''}: `)) || (otherwise ?? '')
    const problem = wrong(answer)
    if (problem === null) return answer
    complain(`This can't be used: ${problem}.`)
  }
}

const events = '/slack/events'

/** Slack's requests all go to one place. */
function eventsAt(url: string): string {
  const { origin, pathname } = new URL(url)
  const path = pathname.replace(/\/+$/, '')
  return `${origin}${path.endsWith(events) ? path : `${path}${events}`}`
}
