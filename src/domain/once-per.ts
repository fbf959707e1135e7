/**
 * The same work, done once for each object: nobody modifies what the rules look at, and one act asks the same of it
 * several times. For pure work only.
 */
export function oncePer<K extends object, V>(work: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return (of) => {
    const found = known.get(of) ?? { value: work(of) }
    known.set(of, found)
    return found.value
  }
}
