import { withoutManners } from '../../domain/quick/manners.ts'

/** Ways to begin that say nothing of what is wanted. */
const lead =
  /^(?:[>$]\s*|\/?token\s+|(?:can|could|would|will)\s+(?:you|we|i|somebody|someone)\s+|(?:i|we)\s+(?:want|need|have|would\s+like)\s+to\s+|(?:i|we)['’]d\s+like\s+to\s+|let['’]?s\s+|(?:only|just)\s+(?=(?:extend|rename)\s)|(?:hey|hi|hello)[\s,]+|(?:@?countersign)[\s,]+)/i

/** Other words for commands that only show something: nothing is sent if one of them was meant otherwise. */
const others: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [/^(?:ls|dir|tokens|all tokens|all)(?:\s+(.*))?$/i, (rest) => `list ${rest}`],
  [/^(?:find|search|filter|grep|look for)(?:\s+(?:for\s+)?(.*))?$/i, (rest) => `list ${rest}`],
  [/^(expiring|expired)(?:\s+(.*))?$/i, (which, rest) => `list ${which} ${rest}`],
  [
    /^(?:what(?:['’]s|s| is| are)|which)\s+(?:tokens?\s+)?(?:are\s+)?(expiring|expired)(?:\s+(.*))?$/i,
    (which, rest) => `list ${which} ${rest}`,
  ],
  [/^my\s+(?:(?:open|pending)\s+)?(?:changes|requests|edits)(?:\s+(.*))?$/i, (rest) => `mine ${rest}`],
  [/^(?:what(?:['’]s|s| is| are))\s+(?:still\s+)?(?:pending|waiting|open)(?:\s+(.*))?$/i, (rest) => `pending ${rest}`],
  [
    /^(?:status|(?:(?:open|pending)\s+)?(?:changes|requests|approvals)|inbox|queue|todo)(?:\s+(?!#?\d+$)(.*))?$/i,
    (rest) => `pending ${rest}`,
  ],
  [/^(?:approve|reject|review|nudge)(?:\s+(?:it|this|all|my change))?$/i, () => 'pending'],
  [/^(?:cancel|withdraw|rebase)(?:\s+(?:it|this|all|my change))?$/i, () => 'mine'],
  [
    /^(?:cancel|withdraw|rebase)\s+(?:my|the|that)\s+(?:(?:open|pending|last)\s+)?(?:changes?|requests?|edits?)(?:\s+(?:(?:to|for|of|on)\s+)?(?!#?\d+$)(.*))?$/i,
    (rest) => `mine ${rest}`,
  ],
  [
    /^(?:approve|reject|review|nudge)\s+(?:my|the|that)\s+(?:(?:open|pending|last)\s+)?(?:changes?|requests?|edits?)(?:\s+(?:(?:to|for|of|on)\s+)?(?!#?\d+$)(.*))?$/i,
    (rest) => `pending ${rest}`,
  ],
  [/^(?:why|what|who|when|how|where|is|can)\b[^#]*\s#(\d{1,9})(?:\s[^#]*)?$/i, (number) => `#${number}`],
  [
    /^why\s+(?:(?:is|was|does|did|can['’]?t|can|i|not|the|approve|reject|cancel|change|request)\s+)*(\d{1,9})(?:\s+\D*)?$/i,
    (number) => `#${number}`,
  ],
  [/^(?:\?+|-h|--?help|\/help|h|hi|hello|hey|usage|commands?|man|manual|menu|start)[.!?]*$/i, () => 'help'],
  [
    /^(?:view|open|see|display|details?|inspect|check|look at|info)\s+(?:(?:of|on|about)\s+)?(.+)$/i,
    (rest) => `show ${rest}`,
  ],
  [/^(?:logs?|audit)\s+(?:(?:of|for)\s+)?(.+)$/i, (rest) => `history ${rest}`],
]

/** The same line in the words of a command, or without words around it; null if it has none to leave out or to put otherwise. */
export function rephrased(typed: string): string | null {
  const plain = withoutLead(typed)
  for (const [words, line] of others) {
    const found = words.exec(plain.replace(/(?<=\w)\s*\?+$/, ''))
    if (found) return line(...found.slice(1).map((part) => part ?? '')).trim()
  }
  return plain === typed.trim() || plain === '' ? null : plain
}

function withoutLead(typed: string): string {
  let left = withoutManners(typed)
  for (let found = lead.exec(left); found; found = lead.exec(left)) left = withoutManners(left.slice(found[0].length))
  return left === typed.trim() ? left : left.replace(/\s*\?+$/, '')
}

/** True for a question, which no command answers as it is. */
export function isQuestion(typed: string): boolean {
  return /^(?:who|how|why|where|when|what|which|can|may|do|does|is|are)\b/i.test(typed) || /\?\s*$/.test(typed)
}
