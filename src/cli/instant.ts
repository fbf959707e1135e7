import { isDay } from '../domain/token/expiry.ts'

/** The instant meant by a day, which begins at midnight UTC, or by an instant in ISO 8601; null for any other text. */
export function instantOf(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) || !isDay(text.slice(0, 10))) return null
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}
