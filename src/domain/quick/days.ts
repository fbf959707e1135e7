import { isDay } from '../token/expiry.ts'

const months = 'january february march april may june july august september october november december'.split(' ')
const month = '([a-z]{3,9})\\.?'
const dayFirst = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s*${month},?\\s*(\\d{4})$`, 'i')
const monthFirst = new RegExp(`^${month}\\s*(\\d{1,2})(?:st|nd|rd|th)?,?\\s*(\\d{4})$`, 'i')

/**
 * The day (`2027-01-31`) that `2027-01-31`, `31 Jan 2027` or `January 31, 2027` says; null for anything else. Days in numbers
 * alone are read only with the year first: elsewhere, nobody can tell the month from the day.
 */
export function dayIn(text: string): string | null {
  if (isDay(text)) return text
  const [, day, name, year] = dayFirst.exec(text) ?? swapped(monthFirst.exec(text)) ?? []
  if (day === undefined || name === undefined) return null
  const number = monthNamed(name)
  const found = `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(found) ? found : null
}

/** 1 for `jan`; 0 for no month, or less than three letters. */
export function monthNamed(name: string): number {
  return name.length < 3 ? 0 : months.findIndex((month) => month.startsWith(name.toLowerCase())) + 1
}

function swapped(found: RegExpExecArray | null): (string | undefined)[] | null {
  return found && [found[0], found[2], found[1], found[3]]
}
