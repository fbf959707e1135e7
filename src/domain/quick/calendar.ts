export type Parts = { readonly year: number; readonly month: number; readonly day: number }

/** `2027-01-31` */
export function written({ year, month, day }: Parts): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** 28 to 31. */
export function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The last day of a month. */
export function endOf(year: number, month: number): string {
  return written({ year, month, day: lastDay(year, month) })
}
