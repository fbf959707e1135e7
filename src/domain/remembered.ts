/** The same function, remembering its results for the last thousand texts or so. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    if (known.size >= 1000) known.clear()
    if (!known.has(text)) known.set(text, work(text))
    return known.get(text)!
  }
}
