import type { Anchor, AnchorPlace } from '../../ports/anchors.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'

type Deps = {
  store: LogReads & LogWrites
  /** Places that take a checkpoint without a change. */
  places: readonly AnchorPlace[]
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
  /** Called when the log has fewer entries than this process kept a checkpoint of. */
  onCut: (cut: Cut) => void
  onFailure: (place: string, error: unknown) => void
}

/** When a place last got a checkpoint, and of how many entries. */
export type LastAnchor = { readonly at: string; readonly size: number }

/** The number of entries that the log had, and has. */
export type Cut = { readonly had: number; readonly has: number }

const everyMs = 3_600_000
const tryAgainAfterMs = 60_000

/**
 * Keeps a checkpoint at every place outside once an hour if the log has grown, so that however few changes end, not
 * much of it can be cut off unseen. Notes the places in the log about as often, for a restart to read; a restart
 * believes that for an hour at most, since anybody can have written it. After that, only what the process has kept
 * itself counts.
 */
export function createAnchorRounds({ store, places, now, monotonic, onCut, onFailure }: Deps) {
  const began = monotonic()
  const own = new Map<string, LastAnchor & { readonly ticks: number }>()
  const last = new Map<string, LastAnchor>()
  const triedAt = new Map<string, number>()
  /** Entries in the largest checkpoint, until some are reported missing. */
  let most = 0
  let noted = JSON.stringify({})
  let notedAt = now().getTime()
  let isLoaded = false
  return { round, wasKept, last: () => Object.fromEntries(last) }

  /** Does what is due; called every few seconds. */
  async function round(): Promise<void> {
    if (!isLoaded) await load()
    const size = await sizeNow()
    const due: AnchorPlace[] = []
    for (const place of places) if (await isDue(place.name, size)) due.push(place)
    const kept = due.length > 0 && (await keepIn(due))
    if (kept || hasPassed(notedAt, everyMs)) await note()
  }

  async function sizeNow(): Promise<number> {
    const had = most
    const { size } = await store.checkpoint()
    if (size >= had) return size
    onCut({ had, has: size })
    most = size
    return size
  }

  /** Notes that a place got a checkpoint for another reason. */
  function wasKept(place: string, { at, size }: Anchor): void {
    last.set(place, { at, size })
    own.set(place, { at, size, ticks: monotonic() })
    most = Math.max(most, size)
  }

  async function load(): Promise<void> {
    const fact = await store.lastFact('log_anchored').catch(() => null)
    const before = fact?.places ?? {}
    for (const [place, anchor] of Object.entries(before)) if (!last.has(place)) last.set(place, anchor)
    noted = JSON.stringify(before)
    isLoaded = true
  }

  async function isDue(place: string, size: number): Promise<boolean> {
    const tried = triedAt.get(place)
    if (tried !== undefined && !hasPassed(tried, tryAgainAfterMs)) return false
    const mine = own.get(place)
    if (mine) return isHourOver(mine) && (size < mine.size || store.hasGrownSince(mine.size))
    const said = last.get(place)
    return !said || isHourOver({ ...said, ticks: began }) || said.size > size
  }

  /** By either clock, so that changing one puts nothing off. */
  function isHourOver({ at, ticks }: { at: string; ticks: number }): boolean {
    return monotonic() - ticks >= everyMs || hasPassed(Date.parse(at), everyMs)
  }

  /** True if at least one holds it. A place that fails does not hold up the others. */
  async function keepIn(due: readonly AnchorPlace[]): Promise<boolean> {
    const anchor = { ...(await store.checkpoint()), at: now().toISOString(), change: null }
    const tries = await Promise.allSettled(due.map((place) => place.keep(anchor)))
    for (const [i, { name }] of due.entries()) {
      const tried = tries[i]!
      triedAt.set(name, now().getTime())
      if (tried.status === 'fulfilled') wasKept(name, anchor)
      else onFailure(name, tried.reason)
    }
    return tries.some(({ status }) => status === 'fulfilled')
  }

  async function note(): Promise<void> {
    const all = Object.fromEntries(last)
    if (JSON.stringify(all) === noted) return
    await store.note({ type: 'log_anchored', places: all }, 'app', null)
    noted = JSON.stringify(all)
    notedAt = now().getTime()
  }

  /** A clock that was set back puts nothing off. */
  function hasPassed(since: number, ms: number): boolean {
    const passed = now().getTime() - since
    return passed >= ms || passed < 0
  }
}
