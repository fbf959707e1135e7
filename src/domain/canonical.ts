/** JSON with its keys in order, so that the same content always reads the same. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value))
}

/** The very same where its keys are in order, which they are in all that was read from the log. */
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
  for (const [key, part] of Object.entries(value)) {
    if (key < last || !isInOrder(part)) return false
    last = key
  }
  return true
}

/** Whether both read the same as canonical JSON, told without writing it: what is undefined is not there. */
export function sameContent(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const has = (key: string) => other[key] === undefined || one[key] !== undefined
  return Object.keys(one).every((key) => sameContent(one[key], other[key])) && Object.keys(other).every(has)
}
