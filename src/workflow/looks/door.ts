/** The reason a service does not let the app in, and since when. */
export type Shut = { readonly why: string; readonly since: string }

/** A time in which a service does not let the app in; the end is null while it lasts. */
export type Spell = { readonly since: string; readonly until: string | null }

type Deps = {
  readonly now: () => Date
  /** Called once when the service stops letting the app in, with the reason, and once when it does again (null). */
  readonly onChange: (why: string | null) => void
}

export type Door = ReturnType<typeof createDoor>

/** Remembers if a service lets the app in at all, with the last reason if it does not. */
export function createDoor({ now, onChange }: Deps) {
  let shut: Shut | null = null
  let last: Spell | null = null
  return { shut: () => shut, spells, refuses, accepts }

  /** The last that is over, and the current one. */
  function spells(): readonly Spell[] {
    return [...(last ? [last] : []), ...(shut ? [{ since: shut.since, until: null }] : [])]
  }

  /** `since`: when that began, if it took a while to be sure. */
  function refuses(why: string, since = now().toISOString()): void {
    const isNew = shut === null
    shut = { why, since: shut?.since ?? since }
    if (isNew) onChange(why)
  }

  function accepts(): void {
    if (!shut) return
    last = { since: shut.since, until: now().toISOString() }
    shut = null
    onChange(null)
  }
}

/** Since when one or another has lasted, without a break in between; null if none lasts. */
export function lastingSince(spells: readonly Spell[]): string | null {
  const [first] = spells.flatMap(({ since, until }) => (until === null ? [since] : [])).sort()
  if (first === undefined) return null
  const over = spells.flatMap(({ since, until }) => (until === null ? [] : [{ since, until }]))
  // The last to end come first: each may reach back to where the next one still lasted.
  const inTurn = over.sort((one, other) => (one.until < other.until ? 1 : -1))
  return inTurn.reduce((at, { since, until }) => (until >= at && since < at ? since : at), first)
}
