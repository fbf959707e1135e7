/** Whether `text` is what the pattern says: `*` stands for any characters, `?` for one, everything else for itself. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

export function matchesAny(patterns: readonly string[], ...names: readonly string[]): boolean {
  return patterns.some((pattern) => names.some((name) => matches(pattern, name)))
}

/** True where whatever matches `narrow` matches `wide` too. A star takes in whatever the other has in its place; that a `?` does too is not certain. */
export function coversPattern(wide: string, narrow: string): boolean {
  return wide === narrow || (!wide.includes('?') && matches(wide, narrow))
}
