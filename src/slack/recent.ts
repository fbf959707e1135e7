type Options<T> = {
  /** Asks for the newest answer. What it throws is thrown on, and not kept. */
  lookUp: (key: string) => Promise<T>
  now: () => Date
}

/** How long Slack's answer about a person, group or channel is relied on. */
const keptForMs = 60_000

/**
 * Answers of at most a minute ago, counted from when they were asked for. Whoever asks while the same question is under
 * way gets the same answer. After `forget`, nothing that was asked before is relied on any more.
 */
export function createRecent<T>({ lookUp, now }: Options<T>) {
  const answers = new Map<string, { readonly asked: number; readonly answer: Promise<T> }>()
  return { get, forget: (key: string) => void answers.delete(key) }

  function get(key: string): Promise<T> {
    const asked = now().getTime()
    for (const [old, kept] of answers) if (asked - kept.asked >= keptForMs) answers.delete(old)
    const known = answers.get(key)
    if (known) return known.answer
    const entry = { asked, answer: lookUp(key) }
    answers.set(key, entry)
    entry.answer.catch(() => {
      if (answers.get(key) === entry) answers.delete(key)
    })
    return entry.answer
  }
}
