type Deps = {
  now: () => Date
  /** Told once when the log can't be written any more, with why, and once when it can again (null). */
  onChange: (why: string | null) => void
}

export type Health = ReturnType<typeof createHealth>

/**
 * Whether the log can be written. While it can't, the app only shows what it knows: nothing unrecorded may happen. And
 * whether it could be believed so far, which does not stop the app: each change is held against it by itself.
 */
export function createHealth({ now, onChange }: Deps) {
  let trouble: { readonly why: string; readonly since: string } | null = null
  const doubted: number[] = []
  return { fails, works, trouble: () => trouble, words, doubts: (change: number) => void doubted.push(change), doubt }

  /** For who runs it: what the log did not bear out since the start. Null while there is nothing. */
  function doubt(): string | null {
    if (doubted.length === 0) return null
    const changes = doubted.map((id) => `#${id}`).join(', ')
    return `the audit log does not bear out what would have been applied (${changes}): verify it, then start the app again`
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

export function readOnly(why: string): string {
  return (
    `Countersign is read-only: it can't write its log, because ${why}. Nothing was recorded, and nothing is applied until ` +
    'that ends; then it goes on by itself. Try again later, and tell whoever runs Countersign.'
  )
}
