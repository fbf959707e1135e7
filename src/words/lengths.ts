const units = [
  { seconds: 86_400, unit: 'd' },
  { seconds: 3_600, unit: 'h' },
  { seconds: 60, unit: 'min' },
  { seconds: 1, unit: 's' },
] as const

/** `45 s`, `3 h 20 min`, `2 d`: how long something took, in the two units that people would name. Takes whole seconds. */
export function lengthInWords(seconds: number): string {
  const [, next] = unitsOf(seconds)
  const rounded = next ? Math.round(seconds / next.seconds) * next.seconds : seconds
  const [largest, smaller] = unitsOf(rounded)
  const rest = smaller ? (rounded % largest.seconds) / smaller.seconds : 0
  const words = `${Math.floor(rounded / largest.seconds)} ${largest.unit}`
  return rest > 0 ? `${words} ${rest} ${smaller?.unit}` : words
}

/** The largest unit of which there is at least one, and the one below it. */
function unitsOf(seconds: number) {
  const at = units.findIndex((unit) => seconds >= unit.seconds)
  const last = units.length - 1
  return [units[at < 0 ? last : at]!, units[at < 0 ? last + 1 : at + 1]] as const
}
