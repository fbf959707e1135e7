/** In milliseconds: what the clock showed, and time that passes. */
export type Moment = { readonly wall: number; readonly passed: number }

export type Clocks = {
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
}

/** How long a look counts as current. */
export const staleAfterMs = 60_000

export type Moments = ReturnType<typeof createMoments>

/** Tells when a look was made, and if it still counts as current. */
export function createMoments({ now, monotonic }: Clocks) {
  return { moment, isOfLate }

  function moment(): Moment {
    return { wall: now().getTime(), passed: monotonic() }
  }

  /** By both clocks: one may have been set, and the other stops while the machine sleeps. */
  function isOfLate(at: Moment | undefined): boolean {
    if (at === undefined) return false
    const { wall, passed } = moment()
    return [wall - at.wall, passed - at.passed].every((age) => age >= 0 && age <= staleAfterMs)
  }
}
