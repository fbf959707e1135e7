/** Bytes. Collectors of logs cut longer lines, and then nobody can read them as JSON. */
export const longestLine = 2048

/** A line of the log, no longer than 2 kB: its long texts and lists are cut until it fits. */
export function shortLine(line: string): string {
  if (Buffer.byteLength(line) <= longestLine) return line
  const fields = fieldsOf(line)
  const tries = [600, 300, 120, 40].map((most) => () => cut(fields, most))
  for (const shortened of [...tries, () => barest(fields)]) {
    const short = `${JSON.stringify(shortened())}\n`
    if (Buffer.byteLength(short) <= longestLine) return short
  }
  throw new Error('A line of the log is too long, however it is cut.')
}

/** A secret that was struck out may have been anything, part of the line's form as well. */
function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line)
  } catch {
    return { msg: line }
  }
}

/** Characters of a text, and a twentieth as many items of a list. */
function cut(value: unknown, most: number): unknown {
  if (typeof value === 'string') return value.length <= most ? value : `${value.slice(0, most)}…`
  if (Array.isArray(value)) return cutList(value, most)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one, most)]))
}

function cutList(all: readonly unknown[], most: number): unknown[] {
  const some = all.slice(0, most / 20).map((one) => cut(one, most))
  const more = all.length - some.length
  return more === 0 ? some : [...some, `and ${more} more`]
}

/** The fields that say which line it is. */
function barest({ level, time, pid, part, change, msg }: Readonly<Record<string, unknown>>) {
  return { level, time, pid, part: cut(part, 40), change: cut(change, 40), msg: cut(msg, 300) }
}
