import { oneLine, orBlank } from './text.ts'

/** `2026-03-01 14:05 UTC`; a text that is not an instant stays as it is. */
export function inUtc(iso: string, toTheSecond = false): string {
  if (secondsOf(iso) === null) return orBlank(oneLine(iso))
  const digits = new Date(iso).toISOString().slice(0, toTheSecond ? 19 : 16)
  return `${digits.replace('T', ' ')} UTC`
}

/** Whole seconds since 1970; null for a text that is not an instant. */
export function secondsOf(iso: string): number | null {
  const milliseconds = Date.parse(iso)
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}
