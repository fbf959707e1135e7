const words =
  '(?:please|pls|plz|kindly|(?:many )?thanks(?: (?:a lot|so much|you|all))?|thank you(?: (?:so|very) much)?|thx|ty|cheers|asap|as soon as possible|urgent(?:ly)?|:pray:|🙏)'
const atEnd = new RegExp(`(?:^|\\s+[-–—]\\s+|[\\s,;.!?]+)${words}[\\s,;.!?]*$`, 'iu')
const atStart = new RegExp(`^${words}(?:[\\s,;:!]+|$)`, 'iu')

/** Characters at the end among which one courtesy is looked for: a long line takes no longer than others. */
const longest = 60

/** A text without the courtesies at its start and its end, which ask for nothing. */
export function withoutManners(text: string): string {
  let left = text.trim()
  for (let found = atEnd.exec(left.slice(-longest)); found; found = atEnd.exec(left.slice(-longest)))
    left = left.slice(0, left.length - found[0].length)
  for (let found = atStart.exec(left); found; found = atStart.exec(left)) left = left.slice(found[0].length)
  return left.trim()
}
