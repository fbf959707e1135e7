import type { Pressed, Spot } from '../../domain/change/pressed.ts'
import { inUtc } from '../../words/instants.ts'

/** Where and when a decision was made in Slack, and what was shown there. */
export function pressedInWords(pressed: Pressed): string {
  const { opened, revision, seal, ...where } = pressed
  const how =
    opened === undefined ? `pressed on ${placeOf(where)}` : `sent in ${placeOf(where)}, opened on ${placeOf(opened)}`
  return `${how}, which showed revision ${revision} (seal ${seal})`
}

function placeOf({ channel, message, view, ts }: Spot): string {
  const on =
    message === undefined ? `view ${view ?? 'unknown'}` : `message ${message} in channel ${channel ?? 'unknown'}`
  return ts === undefined ? on : `${on} at ${whenOf(ts)} by Slack's clock`
}

function whenOf(ts: string): string {
  const ms = Number(ts) * 1000
  return Number.isFinite(ms) ? inUtc(new Date(ms).toISOString(), true) : ts
}
