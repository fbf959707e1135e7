import type { HomeStore, ShownHome } from '../../ports/homes.ts'
import { retryAfterMs, slackErrorName } from '../calls/errors.ts'
import { createTurns } from '../calls/turns.ts'
import type { Decidable, DrawHome, DrawnHome } from './draw-home.ts'

type Deps = {
  store: HomeStore
  drawing: DrawHome
  publish: (person: string, home: DrawnHome) => Promise<void>
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock; `performance.now` unless given. */
  ticks?: () => number
  /** Called when those that other processes may have open as well are brought up to date. */
  onRound?: () => void
  log: { warn: (fields: object, text: string) => void }
  pace?: Pace
}

/**
 * Everything that happens within `windowMs` is published together. At most `aMinute` Homes are brought up to date in
 * any minute: Slack allows some hundred views and questions about people a minute, and decisions need their share.
 * Source: slack.md §2.
 */
type Pace = { readonly windowMs: number; readonly aMinute: number }

const minuteMs = 60_000
/** As long as another process needs to say that it looked for open Homes, and to be heard. */
const justShownMs = 10_000
/** A Home also changes as time passes, and when a terminal writes into the same database. */
const refreshEveryMs = 10 * minuteMs

/** Answers after which nobody can be shown a Home. */
const gone = ['user_not_found', 'user_disabled']

export type Homes = ReturnType<typeof createHomes>

/**
 * Keeps every App Home that somebody has opened up to date: after `changed`, those that would now say something else
 * are published again, last opened first. One publish at a time for a person, and one round at a time for all. If Slack
 * does not take one, it is tried again later, and holds up nobody else.
 */
export function createHomes({
  store,
  drawing,
  publish,
  now,
  ticks = () => performance.now(),
  onRound = () => {},
  log,
  pace = { windowMs: 250, aMinute: 40 },
}: Deps) {
  const { inTurn, idle, underWay } = createTurns()
  const refreshed: number[] = []
  const unsaved = new Map<string, ShownHome>()
  const told = new Set<string>()
  let next: { timer: NodeJS.Timeout; at: number } | null = null
  let round = Promise.resolve()
  let lastRound = 0
  let lastShown = Number.NEGATIVE_INFINITY
  let isOurNews = false
  let stopped = false

  return { open, turn, changed, changedElsewhere, changedFor, sweep, stop }

  /** Shows somebody their Home, starting with the first page of each list. */
  function open(person: string): Promise<void> {
    const home = unseen(person)
    return inTurn(person, () => show(home).catch((error: unknown) => close(home, error)))
  }

  /** Turns one of the lists on somebody's Home to another page. */
  function turn(person: string, list: string, page: number): Promise<void> {
    return inTurn(person, async () => {
      const home = (await shown(person)) ?? unseen(person)
      await show({ ...home, pages: { ...home.pages, [list]: page }, digest: '' })
    })
  }

  /** Something that Homes show may have changed. */
  function changed(): void {
    isOurNews = true
    roundIn(pace.windowMs)
  }

  /** Another process brings all up to date that it knows to be open: one that was just being opened here may not be among them. */
  function changedElsewhere(): void {
    if (underWay().length > 0 || ticks() - lastShown < justShownMs) roundIn(pace.windowMs)
  }

  /** Somebody's standing may have changed: a guest, or a full member again. */
  function changedFor(person: string): void {
    inTurn(person, async () => {
      const home = await shown(person)
      if (!home || stopped) return
      const drawn = await drawing.draw(person, home.pages)
      await showMembers(home, drawn).catch((error: unknown) => close(home, error))
    }).catch(failed)
  }

  /** Call it now and then. */
  async function sweep(): Promise<void> {
    const since = now().getTime() - lastRound
    if (since >= 0 && since < refreshEveryMs) return
    changed()
  }

  /** Publishes nothing more, and resolves once nothing is under way. */
  async function stop(): Promise<void> {
    stopped = true
    clearTimeout(next?.timer)
    await round
    await idle()
  }

  function roundIn(ms: number): void {
    const at = performance.now() + ms
    if (stopped || (next && next.at <= at)) return
    clearTimeout(next?.timer)
    const timer = setTimeout(() => {
      next = null
      round = round.then(refreshAll).catch(failed)
    }, ms)
    next = { timer, at }
  }

  /** A no from Slack to one Home does not hold up the others; an outage ends the round. */
  async function refreshAll(): Promise<void> {
    lastRound = now().getTime()
    if (isOurNews) onRound()
    isOurNews = false
    const known = await store.homes()
    // A Home being published now may have been drawn before the news.
    const homes = new Set([...known.map(({ person }) => person), ...unsaved.keys(), ...underWay()])
    if (homes.size === 0) return
    const open = await drawing.decidable()
    for (const person of homes) {
      const wait = untilNextPublish()
      if (wait > 0 || stopped) return roundIn(wait)
      await refresh(person, open).catch((error: unknown) => {
        if (slackErrorName(error) === null) throw error
        failed(error)
      })
    }
  }

  function refresh(person: string, open: readonly Decidable[]): Promise<void> {
    return inTurn(person, async () => {
      const home = await shown(person)
      if (!home) return
      const drawn = await drawing.draw(person, home.pages, open)
      if (drawn.digest === home.digest) return
      refreshed.push(ticks())
      await showMembers(home, drawn)
    })
  }

  /** In milliseconds. */
  function untilNextPublish(): number {
    const since = ticks() - minuteMs
    while (refreshed[0] !== undefined && refreshed[0] <= since) refreshed.shift()
    return refreshed.length < pace.aMinute ? 0 : refreshed[0]! - since
  }

  async function show(home: ShownHome): Promise<void> {
    await showMembers(home, await drawing.draw(home.person, home.pages))
  }

  /** Slack is asked who somebody is only if there is something to show. */
  async function showMembers({ digest, ...home }: ShownHome, forMembers: DrawnHome): Promise<void> {
    const drawn = (await drawing.drawForOthers(home.person)) ?? forMembers
    if (drawn.digest === digest) return
    try {
      await publish(home.person, drawn)
      told.clear()
    } catch (error) {
      if (!gone.includes(slackErrorName(error) ?? '')) throw error
      return store.forgetHome(home.person)
    }
    await remember({ ...home, digest: drawn.digest })
  }

  /** While the database can't be written, Homes still say so, once. */
  async function remember(home: ShownHome): Promise<void> {
    unsaved.delete(home.person)
    await store.homeIsShown(home).catch(() => unsaved.set(home.person, home))
    lastShown = ticks()
  }

  /**
   * The Home drawn before may be for somebody they no longer are, so it must not stay, if Slack takes anything; the
   * next round redraws it.
   */
  async function close(home: ShownHome, error: unknown): Promise<never> {
    roundIn(minuteMs)
    await publish(home.person, drawing.unclear).catch(async (failure: unknown) => {
      await remember({ ...home, digest: '' })
      throw failure
    })
    await remember({ ...home, digest: drawing.unclear.digest })
    throw error
  }

  async function shown(person: string): Promise<ShownHome | null> {
    return unsaved.get(person) ?? store.home(person)
  }

  /** Each reason once until one is shown again: an outage of hours would otherwise repeat it every minute. */
  function failed(error: unknown): void {
    const restMs = retryAfterMs(error)
    const why = restMs === null ? String(error) : 'a rest'
    if (!told.has(why))
      log.warn(
        { err: error },
        'An App Home could not be brought up to date. Countersign tries again, and does not log the same error again until it works.',
      )
    told.add(why)
    roundIn(restMs ?? minuteMs)
  }

  function unseen(person: string): ShownHome {
    return { person, pages: {}, digest: '', openedAt: now().toISOString() }
  }
}
