/** Work of which there is one at a time for each key: whoever asks meanwhile shares it. */
export function createShared<K, T>() {
  const underWay = new Map<K, Promise<T>>()
  return { keys: () => [...underWay.keys()], share }

  function share(key: K, begin: () => Promise<T>): Promise<T> {
    const current = underWay.get(key)
    if (current) return current
    const work = begin().finally(() => underWay.delete(key))
    underWay.set(key, work)
    return work
  }
}
