import type { SlackPeople } from './people.ts'

/**
 * What stands after a command as the person typed it. Slack escapes `&`, `<` and `>` there, and puts its own markup between bare
 * angle brackets: a person by id, a channel by id and name (none where it is private), a link with what was typed of it. A mention
 * reads as the name of the person, and calls nobody. Source: slack.md §2 (`should_escape`).
 */
export async function asTyped(text: string, { nameOf }: Pick<SlackPeople, 'nameOf'>): Promise<string> {
  const parts = text.split(/(<[^<>]+>)/)
  const read = parts.map((part, i) => (i % 2 === 1 ? readMark(part.slice(1, -1), nameOf) : unescaped(part)))
  return (await Promise.all(read)).join('')
}

/** What is inside the brackets; a name is never read as markup in its turn. */
async function readMark(mark: string, nameOf: SlackPeople['nameOf']): Promise<string> {
  const [what = '', label = ''] = mark.split('|', 2)
  if (what.startsWith('@')) return `@${label || (await nameOf(what.slice(1)).catch(() => what.slice(1)))}`
  if (what.startsWith('#')) return `#${unescaped(label) || what.slice(1)}`
  if (what.startsWith('!')) return `@${(label || what.replace(/^!(subteam\^)?/, '')).replace(/^@/, '')}`
  return unescaped(label || what)
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
