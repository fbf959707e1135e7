const numerals = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')

/** `2027-12-31 23:59` */
const timeOfDay = /^(\d{4}-\d{1,2}-\d{1,2})(?:t|\s+(?:at\s+)?)\d{1,2}[:h.]?\d{0,2}.*$/

/** `31.12.27` */
const shortYear = /^(\d{1,2})([./-])(\d{1,2})\2(\d{2})$/

/** A time in lower case, with figures for words, all of its year, and no time of the day. */
export function plainTime(typed: string): string {
  return typed
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(timeOfDay, '$1')
    .replace(shortYear, '$1$2$3$220$4')
    .replace(/\b[a-z]+\b/g, (word) => (numerals.indexOf(word) > 1 ? String(numerals.indexOf(word)) : word))
}
