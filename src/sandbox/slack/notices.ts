/** Slack's own messages to each person, oldest first. */
export type Notices = {
  tell(person: string, notice: string): void
  of(person: string): readonly string[]
  dismiss(person: string): void
}

export function createNotices(): Notices {
  const told = new Map<string, string[]>()
  return {
    tell: (person, notice) => void told.set(person, [...(told.get(person) ?? []), notice]),
    of: (person) => told.get(person) ?? [],
    dismiss: (person) => void told.delete(person),
  }
}

/** Slack's words in a modal and at a button if the app did not answer, or answered nonsense (slack.md §2). */
export const trouble = 'We had some trouble connecting. Try again?'
