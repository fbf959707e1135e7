type Deps = {
  now: () => Date
  /** Called once when the log can no longer be written, with the reason, and once when it can again (null). */
  onChange: (why: string | null) => void
}

export type Health = ReturnType<typeof createHealth>

/**
 * Knows if the log can be written. While it can't, the app only shows what it knows: nothing unrecorded may happen.
 * Also knows if the log could be believed so far, which does not stop the app: each change is checked against it by
 * itself.
 */
export function createHealth({ now, onChange }: Deps) {
  let trouble: { readonly why: string; readonly since: string } | null = null
  const doubted: number[] = []
  const notRead: string[] = []
  let elsewhere: readonly number[] = []
  let missing = 0
  return {
    fails,
    works,
    trouble: () => trouble,
    words,
    doubts: (change: number) => void doubted.push(change),
    /** The changes that this process doubts. */
    doubted: (): readonly number[] => doubted,
    /** Notes the changes that other processes on this database doubt. */
    doubtedElsewhere: (changes: readonly number[]) => {
      elsewhere = changes
    },
    doubt,
    canNotRead,
    /** Notes that so many of the newest entries are missing from the log. */
    lacks,
    /** The parts of the database that could not be read since the start, for example `change #3`. */
    unreadable: (): readonly string[] => notRead,
  }

  /** For whoever runs it: what the log did not bear out or lost, and what could not be read. Null if nothing. */
  function doubt(): string | null {
    const changes = [...new Set([...doubted, ...elsewhere])].map((id) => `#${id}`).join(', ')
    const found = [
      ...(changes ? [`the audit log does not bear out what would have been applied (${changes})`] : []),
      ...(notRead.length > 0 ? [`something in the database can't be read (${few(notRead)})`] : []),
    ]
    if (missing > 0) found.push(`the audit log has lost ${missing} of its newest entries`)
    return found.length === 0 ? null : `${found.join(', and ')}: verify it, then start the app again`
  }

  /** The database may be opened again, and read anew. */
  function canNotRead(what: string): void {
    if (!notRead.includes(what)) notRead.push(what)
  }

  function lacks(entries: number): void {
    missing += entries
  }

  function fails(why: string): void {
    if (trouble?.why === why) return
    trouble = { why, since: trouble?.since ?? now().toISOString() }
    onChange(why)
  }

  function works(): void {
    if (!trouble) return
    trouble = null
    onChange(null)
  }

  /** For people; null while all is well. */
  function words(): string | null {
    return trouble && readOnly(trouble.why)
  }
}

const mostNamed = 5

/** As many as anybody reads: somebody who can write the file can make up any number. */
export function few(names: readonly string[]): string {
  const more = names.length - mostNamed
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

export function readOnly(why: string): string {
  return (
    `Countersign is read-only: it can't write its log, because ${why}. Nothing was recorded, and nothing is applied until ` +
    'the log can be written again; then it goes on by itself. Try again later, and tell whoever runs Countersign.'
  )
}
