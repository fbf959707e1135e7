/**
 * Mistakes in a file of variables that a shell, which may read the same file, would read differently from Node, or from
 * whoever wrote it: told, since either reading may be the wrong one.
 */
export function mistakenLines(text: string): string[] {
  if (text.includes('\uFFFD')) return ['has characters that are not UTF-8: save it as UTF-8']
  const mistakes: string[] = []
  let rest = text.replaceAll('\r\n', '\n')
  if (rest.includes('\r'))
    return ['has lines that end in a carriage return alone: save it with the ends of lines that Unix has']
  while (rest !== '') {
    const { mistake, length } = lineOf(rest)
    if (mistake !== null) mistakes.push(mistake)
    rest = rest.slice(length)
  }
  return mistakes
}

type Line = { readonly mistake: string | null; readonly length: number }

/** The first line, plus those over which a quoted value continues. */
function lineOf(text: string): Line {
  const [line = ''] = text.split('\n', 1)
  const [start, name = '', quote = ''] = /^\s*(?:export\s+)?(\w+)[ \t]*=[ \t]*(['"`]?)/.exec(line) ?? []
  const whole = { mistake: null, length: line.length + 1 }
  if (start === undefined) return whole
  if (quote === '') return { ...whole, mistake: /[^\s#]#/.test(line.slice(start.length)) ? hash(name) : null }
  const end = text.indexOf(quote, start.length)
  if (end < 0) return { ...whole, mistake: unclosed(name, quote) }
  const [after = ''] = text.slice(end + 1).split('\n', 1)
  return { mistake: /^\s*(#|$)/.test(after) ? null : unclosed(name, quote), length: end + 1 + after.length + 1 }
}

function hash(name: string): string {
  return `has a # within ${name}: a comment would begin there, but in a shell the value goes on. Put the value in single quotes, or a space before the #`
}

function unclosed(name: string, quote: string): string {
  return `has a ${quote} at the beginning of ${name} that does not end where the value does. Put one at its end, or none`
}
