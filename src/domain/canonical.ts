/**
 * JSON with its keys in order, so that the same content always reads the same. It follows RFC 8785, with two
 * differences. Keys that are whole numbers come before all others, by their value, since objects order them so. And a
 * value that is not JSON is not refused but written as JSON.stringify does: a number that is not finite as null, half a
 * surrogate pair escaped.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value))
}

/** The very same value if its keys are in order, as they are in everything read from the log. */
function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return isInOrder(value) ? value : value.map(inOrder)
  if (isInOrder(value)) return value
  const object = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, inOrder(object[key])]),
  )
}

function isInOrder(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isInOrder)
  let last = ''
  for (const key in value) {
    if (key < last || !isInOrder((value as Record<string, unknown>)[key])) return false
    last = key
  }
  return true
}

/**
 * True if both read the same as canonical JSON, without writing it: undefined values count as missing. For values read
 * from JSON, so that no object has inherited keys: `for … in` takes a third of the time of `Object.keys`.
 */
export function sameContent(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((part, i) => sameContent(part, b[i]))
  return !Array.isArray(b) && sameFields(a as Record<string, unknown>, b as Record<string, unknown>)
}

function sameFields(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  let more = 0
  for (const key in one) {
    if (one[key] === undefined) continue
    if (!sameContent(one[key], other[key])) return false
    more++
  }
  for (const key in other) if (other[key] !== undefined) more--
  return more === 0
}
