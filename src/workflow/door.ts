/** Why a service does not let the app in, and since when. */
export type Shut = { readonly why: string; readonly since: string }

type Deps = {
  readonly now: () => Date
  /** Told once when the service lets the app in no longer, with why, and once when it does again (null). */
  readonly onChange: (why: string | null) => void
}

export type Door = ReturnType<typeof createDoor>

/** Keeps in mind if a service outside lets the app in at all, with the last reason for which it does not. */
export function createDoor({ now, onChange }: Deps) {
  let shut: Shut | null = null
  return { shut: () => shut, refuses, accepts }

  function refuses(why: string): void {
    const { since } = shut ?? { since: now().toISOString() }
    const isNew = shut === null
    shut = { why, since }
    if (isNew) onChange(why)
  }

  function accepts(): void {
    if (!shut) return
    shut = null
    onChange(null)
  }
}
