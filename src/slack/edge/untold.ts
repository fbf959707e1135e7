import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import { fromOutside } from '../../domain/from-outside.ts'
import { endOf, wasNotDone } from '../../domain/outside-trouble.ts'
import { createPosts, PutOff } from '../../workflow/cards/posts.ts'
import { retryAfterMs, slackErrorName } from '../calls/errors.ts'
import { isGivenUp } from '../calls/said.ts'
import { dateInText } from '../kit/blocks.ts'
import { type Act, doneBy } from './acts.ts'

type Deps = {
  /** Sends somebody a message. */
  readonly post: (person: string, text: string) => Promise<unknown>
  /** Rejects while Slack answers nothing. */
  readonly reached: () => Promise<void>
  readonly now: () => Date
  /** A clock in milliseconds that nobody can set. */
  readonly ticks: () => number
  readonly log: { info: (text: string) => void; warn: (text: string) => void }
}

/** The result of an act: `words` for the person, escaped, and whether it was done, for the log. */
export type CameOf = { readonly act: Act; readonly words: string; readonly wasDone: string }
type Kept = CameOf & {
  readonly number: number
  readonly at: Date
  readonly since: number
  readonly due: number
  /** True once Slack has left a post of it unanswered. */
  mayStand: boolean
}

export type Untold = ReturnType<typeof createUntold>

/** After this long, the person has looked for themselves, or no longer knows what it was about. */
const keptForMs = minutesToMilliseconds(30)
const most = 200
/** Between two tries that Slack did not answer. */
const pauseMs = 5_000

/**
 * Words for people that could not be delivered, because Slack gave no answer or wanted to be left alone: kept in
 * memory, the newest for each person and change (or line, button or form), and sent once Slack takes them; a few times
 * if only the answers get lost. Words that are dropped leave a line in the log.
 */
export function createUntold({ post, reached, now, ticks, log }: Deps) {
  const kept = new Map<string, Kept>()
  const posts = createPosts({ chat: { reached }, now })
  let last = 0
  let telling: Promise<void> | null = null
  let notBefore = 0
  /** The words Slack has neither taken nor refused yet, and the line for the log if it refuses them. */
  let onItsWay: { readonly one: Kept; elseSays: (() => void) | null } | null = null
  return { keep, tell, stop }

  /** `failure`: why they could not be told now. Never throws, even if nobody can be told. */
  function keep(cameOf: CameOf, failure: unknown): void {
    const { act } = cameOf
    const said = `${capital(doneBy(act))} ${cameOf.wasDone}, but they could not be told (${nameOf(failure)})`
    const willBeTold = act.person !== undefined && endOf(failure) === 'itself' && !isGivenUp(failure)
    log.info(`${said}${willBeTold ? ': they will be told once Slack takes the message, within half an hour' : ''}.`)
    if (!willBeTold) return
    const older = kept.get(act.key)
    if (older) letGo(older, () => log.info(`${pastOf(older)}, but they will not be told: ${doneNext(act)}.`))
    const due = ticks() + (retryAfterMs(failure) ?? 0)
    const mayStand = !wasNotDone(failure)
    kept.set(act.key, { ...cameOf, number: ++last, at: now(), since: ticks(), due, mayStand })
    for (const oldest of kept.values()) if (kept.size > most) giveUp(oldest)
  }

  /** Tells everything that is due; callers meanwhile wait for the same round. */
  function tell(): Promise<void> {
    telling ??= tellAll().finally(() => {
      telling = null
    })
    return telling
  }

  /** None of it outlasts the process. */
  function stop(): void {
    for (const one of kept.values()) giveUp(one)
  }

  async function tellAll(): Promise<void> {
    for (const one of kept.values()) {
      if (ticks() - one.since > keptForMs) giveUp(one)
      else if (Math.max(one.due, notBefore) <= ticks()) await tellOne(one)
    }
  }

  /** If Slack gives no answer, it is no use trying another for a while. */
  async function tellOne(one: Kept): Promise<void> {
    const way: typeof onItsWay = { one, elseSays: null }
    onItsWay = way
    const failure = await posted(one).then(() => null, asFailure)
    onItsWay = null
    if (failure instanceof PutOff) return way.elseSays?.()
    if (failure !== null && endOf(failure) === 'itself') {
      notBefore = ticks() + Math.max(retryAfterMs(failure) ?? 0, pauseMs)
      return way.elseSays?.()
    }
    forget(one)
    if (failure !== null)
      log.info(`The message about ${doneBy(one.act)} can no longer be delivered (${nameOf(failure)}).`)
  }

  async function posted(one: Kept): Promise<void> {
    const leave = () =>
      post(one.act.person!, lateWords(one)).catch((error: unknown) => {
        one.mayStand ||= !wasNotDone(error)
        throw error
      })
    await posts.once(one.number, '', leave, one.mayStand).finally(() => {
      if (kept.get(one.act.key) !== one) posts.end(one.number)
    })
  }

  function giveUp(one: Kept): void {
    const why = 'and as far as is known they were never told: Slack did not take the message in time'
    letGo(one, () => log.warn(`${pastOf(one)}, ${why}.`))
  }

  /** While words are on their way, it is too early to say that they are not told. */
  function letGo(one: Kept, say: () => void): void {
    forget(one)
    if (onItsWay?.one === one) onItsWay.elseSays = say
    else say()
  }

  /** Something newer may have taken its place meanwhile. */
  function forget(one: Kept): void {
    if (onItsWay?.one !== one) posts.end(one.number)
    if (kept.get(one.act.key) === one) kept.delete(one.act.key)
  }
}

function pastOf({ act, wasDone }: Kept): string {
  return `${capital(doneBy(act))} ${wasDone}`
}

function doneNext({ logged }: Act): string {
  return `a message about what they did next (${logged}) takes its place`
}

function lateWords({ act: { told }, at, words, mayStand }: Kept): string {
  const what = told === '' ? '' : ` (${told})`
  const why = mayStand
    ? 'Slack did not confirm this message at first, so you may see it more than once.'
    : 'Slack did not take this message until now.'
  return `What you did ${dateInText(at.toISOString())}${what}: ${words} (${why})`
}

/** The cause behind it if a post was left unanswered more than once. */
function asFailure(error: unknown): unknown {
  if (error instanceof Error && endOf(error) === null && error.cause !== undefined) return error.cause
  return error ?? new Error('no known reason')
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function nameOf(error: unknown): string {
  if (isGivenUp(error)) return 'Countersign is stopping'
  return slackErrorName(error) ?? (error instanceof Error ? fromOutside(error.message) : 'for no known reason')
}
