/** Words around a filter that narrow nothing. */
const fillers =
  /^(?:all|every|the|any|open|waiting|pending|changes?|requests?|approvals?|for|of|from|with|me|my|mine|on|in|at|stack|tokens?|everything|stacks?|that|which|are|is|please|pls|plz|thanks|thx)$/i

/** A text without such words before and behind it; one in quotes as it is. */
export function withoutFillers(typed: string): string {
  const [, quoted] = /^["“”„](.+)["“”„]$/s.exec(typed.trim()) ?? []
  if (quoted !== undefined) return quoted
  const words = typed.trim().split(/\s+/)
  const first = words.findIndex((word) => !fillers.test(word))
  return first < 0 ? '' : words.slice(first, words.findLastIndex((word) => !fillers.test(word)) + 1).join(' ')
}
