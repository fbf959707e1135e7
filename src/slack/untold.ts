import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import { endOf } from '../domain/outside-trouble.ts'
import { type Act, doneBy } from './acts.ts'
import { retryAfterMs, slackErrorName } from './errors.ts'
import { isGivenUp } from './said.ts'
import { dateInText } from './views/blocks.ts'

type Deps = {
  /** Sends somebody a message. */
  readonly post: (person: string, text: string) => Promise<unknown>
  readonly now: () => Date
  /** A clock in milliseconds that nobody can set. */
  readonly ticks: () => number
  readonly log: { info: (text: string) => void; warn: (text: string) => void }
}

/** What came of an act: `words` for the person, escaped, and whether it was done, for the log. */
export type CameOf = { readonly act: Act; readonly words: string; readonly wasDone: string }
type Kept = CameOf & { readonly at: Date; readonly since: number; readonly due: number }

export type Untold = ReturnType<typeof createUntold>

/** Later than that, whoever acted has looked for themselves, or no longer knows what it was about. */
const keptForMs = minutesToMilliseconds(30)
const most = 200
/** Between two tries that Slack did not answer. */
const pauseMs = 5_000

/**
 * What people could not be told, since Slack gave no answer or wanted to be left alone: kept in memory, the newest of one person and
 * change, and told once Slack takes it. What is not told any more has a line in the log.
 */
export function createUntold({ post, now, ticks, log }: Deps) {
  const kept = new Map<string, Kept>()
  let telling: Promise<void> | null = null
  let notBefore = 0
  return { keep, tell, stop }

  /** `failure`: why it could not be told now. Throws nothing, also where nobody can be told. */
  function keep(cameOf: CameOf, failure: unknown): void {
    const { act } = cameOf
    const said = `${capital(doneBy(act))} ${cameOf.wasDone}, and that could not be told to them (${nameOf(failure)})`
    const willBeTold = act.person !== undefined && endOf(failure) === 'itself' && !isGivenUp(failure)
    log.info(`${said}${willBeTold ? ': they are told once Slack takes it, within half an hour' : ''}.`)
    if (!willBeTold) return
    kept.delete(act.key)
    const due = ticks() + (retryAfterMs(failure) ?? 0)
    kept.set(act.key, { ...cameOf, at: now(), since: ticks(), due })
    for (const [key, oldest] of kept) if (kept.size > most) giveUp(key, oldest)
  }

  /** Tells what is due; whoever asks meanwhile waits for the same. */
  function tell(): Promise<void> {
    telling ??= tellAll().finally(() => {
      telling = null
    })
    return telling
  }

  /** Nothing of it outlasts the process. */
  function stop(): void {
    for (const [key, one] of kept) giveUp(key, one)
  }

  async function tellAll(): Promise<void> {
    for (const [key, one] of kept) {
      if (ticks() - one.since > keptForMs) giveUp(key, one)
      else if (Math.max(one.due, notBefore) <= ticks()) await tellOne(key, one)
    }
  }

  /** Where Slack gives no answer, there is no use in trying another for a while. */
  async function tellOne(key: string, one: Kept): Promise<void> {
    const failure = await post(one.act.person!, lateWords(one)).then(() => null, asFailure)
    if (failure !== null && endOf(failure) === 'itself') {
      notBefore = ticks() + Math.max(retryAfterMs(failure) ?? 0, pauseMs)
      return
    }
    // Something newer may have taken its place meanwhile.
    if (kept.get(key) === one) kept.delete(key)
    if (failure !== null) log.info(`${capital(doneBy(one.act))} can not be told to them any more (${nameOf(failure)}).`)
  }

  function giveUp(key: string, { act, wasDone }: Kept): void {
    kept.delete(key)
    log.warn(`${capital(doneBy(act))} ${wasDone}, and they were never told: Slack did not take it in time.`)
  }
}

function lateWords({ act: { told }, at, words }: Kept): string {
  const what = told === '' ? '' : ` (${told})`
  return `What you did ${dateInText(at.toISOString())}${what}: ${words} (Slack would not take this message until now.)`
}

function asFailure(error: unknown): unknown {
  return error ?? new Error('no known reason')
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function nameOf(error: unknown): string {
  return slackErrorName(error) ?? (error instanceof Error ? error.name : 'for no known reason')
}
