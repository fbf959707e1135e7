import type { Anchor, AnchorPlace, Store } from '../ports.ts'

type Deps = {
  store: Pick<Store, 'checkpoint' | 'hasGrownSince' | 'lastFact' | 'note'>
  /** Places that take a checkpoint without a change. */
  places: readonly AnchorPlace[]
  now: () => Date
  onFailure: (place: string, error: unknown) => void
}

/** When a place was last given a checkpoint, and of how many entries. */
export type LastAnchor = { readonly at: string; readonly size: number }

const everyMs = 3_600_000
const tryAgainAfterMs = 60_000

/**
 * Keeps a checkpoint in every place outside once an hour in which the log has grown, so that however few changes end, not
 * much of it can be cut off unseen. Where it stands is noted in the log about as often, which a restart reads again.
 */
export function createAnchorRounds({ store, places, now, onFailure }: Deps) {
  const last = new Map<string, LastAnchor>()
  const triedAt = new Map<string, number>()
  let noted = JSON.stringify({})
  let notedAt = now().getTime()
  let isLoaded = false
  return { round, wasKept, last: () => Object.fromEntries(last) }

  /** Call it every few seconds: it does what is due. */
  async function round(): Promise<void> {
    if (!isLoaded) await load()
    const due: AnchorPlace[] = []
    for (const place of places) if (await isDue(place.name)) due.push(place)
    const kept = due.length > 0 && (await keepIn(due))
    if (kept || hasPassed(notedAt, everyMs)) await note()
  }

  /** A place got a checkpoint for another reason. */
  function wasKept(place: string, { at, size }: Anchor): void {
    const known = last.get(place)
    if (!known || known.size <= size) last.set(place, { at, size })
  }

  async function load(): Promise<void> {
    const before = (await store.lastFact('log_anchored'))?.places ?? {}
    for (const [place, anchor] of Object.entries(before)) if (!last.has(place)) last.set(place, anchor)
    noted = JSON.stringify(before)
    isLoaded = true
  }

  async function isDue(place: string): Promise<boolean> {
    const tried = triedAt.get(place)
    if (tried !== undefined && !hasPassed(tried, tryAgainAfterMs)) return false
    const known = last.get(place)
    if (!known) return true
    return hasPassed(Date.parse(known.at), everyMs) && store.hasGrownSince(known.size)
  }

  /** True when at least one holds it. A place that fails holds up no other. */
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

  /** A clock that was set back does not put off what is due. */
  function hasPassed(since: number, ms: number): boolean {
    const passed = now().getTime() - since
    return passed >= ms || passed < 0
  }
}
