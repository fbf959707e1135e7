import { Refusal } from './refusal.ts'

/**
 * How often one person may ask for something within an hour: a new change, an edit, a rebase or a take-over. Each is a
 * card or a new one, a message and an entry, so ending a change gives no room for more.
 */
export const mostAsked = 100
export const paceMs = 3_600_000

/** The events by which somebody asks for something. */
export const asking = ['proposed', 'amended', 'rebased', 'taken_over'] as const

/** When somebody asked for something within the last hour (ISO instants), earliest first. */
export type Pace = { readonly asked: readonly string[] }

/** Throws a Refusal if they may not ask for anything now. */
export function requirePace({ asked }: Pace): void {
  const first = asked.at(-mostAsked)
  if (first === undefined) return
  throw new Refusal(
    'not_allowed',
    `One person can ask for at most ${mostAsked} changes and edits of changes within an hour. Nothing was sent: you can ask again at ${minuteAfter(Date.parse(first) + paceMs)} UTC.`,
  )
}

function minuteAfter(time: number): string {
  return new Date(Math.ceil(time / 60_000) * 60_000).toISOString().slice(11, 16)
}
