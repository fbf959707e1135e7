/** How many letters to insert, delete, replace, or swap with their neighbour (optimal string alignment). */
export function distance(a: string, b: string): number {
  let earlier: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? earlier[j - 2]! + 1 : Number.POSITIVE_INFINITY
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, swapped)
    }
    earlier = row
    row = next
  }
  return row[b.length]!
}

/** The same, or some number above `most` if it is further than that: found out as early as possible. */
export function distanceWithin(a: string, b: string, most: number): number {
  const apart = Math.abs(a.length - b.length)
  return apart > most || lettersApart(a, b) > most ? Number.POSITIVE_INFINITY : distance(a, b)
}

/** Letters that one has and the other lacks, in whatever order: no two words are nearer than that. */
function lettersApart(a: string, b: string): number {
  let [extra, rest] = [0, b]
  for (const letter of a) {
    const at = rest.indexOf(letter)
    if (at < 0) extra++
    else rest = rest.slice(0, at) + rest.slice(at + letter.length)
  }
  return Math.max(extra, rest.length)
}

/** Longer than any word: looking for what it may have meant would only take time. */
const longest = 200

/**
 * The word that was probably meant, in whatever letter case: one with the same beginning or end, or a few letters away.
 */
export function nearestWord(typed: string, words: readonly string[]): string | null {
  const wanted = typed.trim().toLowerCase()
  if (wanted === '' || wanted.length > longest) return null
  const near = words
    .map((word) => ({ word, away: away(wanted, word.toLowerCase()) }))
    .filter(({ word, away }) => away <= Math.max(1, Math.min(wanted.length, word.length) / 3))
    .sort((a, b) => a.away - b.away)
  return near[0]?.word ?? null
}

/** Half a typed word is nearer than a mistyped one. */
function away(wanted: string, word: string): number {
  if (wanted === word) return 0
  const isPart = wanted.length > 2 && (word.startsWith(wanted) || word.endsWith(wanted) || wanted.startsWith(word))
  return isPart ? 0.5 : distance(wanted, word)
}
