import { oneLine, orBlank } from './text.ts'

/** `2026-03-01 14:05 UTC`; what is no instant, as it was given. */
export function inUtc(iso: string, toTheSecond = false): string {
  if (secondsOf(iso) === null) return orBlank(oneLine(iso))
  const digits = new Date(iso).toISOString().slice(0, toTheSecond ? 19 : 16)
  return `${digits.replace('T', ' ')} UTC`
}

/** Since 1970, whole ones; null for what is no instant. */
export function secondsOf(iso: string): number | null {
  const milliseconds = Date.parse(iso)
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}
