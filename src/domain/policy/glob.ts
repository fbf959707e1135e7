/** True if the pattern fits the whole text: `*` stands for any characters, `?` for one, everything else for itself. */
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

/**
 * True if every name that matches `narrow` also matches `wide`; false for a `?` in `wide` beside a `*` in `narrow`, which may
 * exceed it.
 */
export function coversPattern(wide: string, narrow: string): boolean {
  return wide === narrow || (!(wide.includes('?') && narrow.includes('*')) && matches(wide, narrow))
}
