import type { SlackPeople } from './people.ts'

type Names = Pick<SlackPeople, 'nameOf'>

/** So many people are looked up for one command, one after another: who mentions more leaves enough of Slack's allowance for others. */
const mostLookedUp = 10

/**
 * What stands after a command as the person typed it. Slack escapes `&`, `<` and `>` there, and puts its own markup between bare
 * angle brackets: a person by id, a channel by id and name (none where it is private), a link with what was typed of it. A mention
 * reads as the name of the person, or as their id, and calls nobody. Source: slack.md §2 (`should_escape`).
 */
export async function asTyped(text: string, people: Names): Promise<string> {
  const parts = text.split(/(<[^<>]+>)/)
  const names = await namesIn(parts, people)
  return parts.map((part, i) => (i % 2 === 1 ? readMark(part.slice(1, -1), names) : unescaped(part))).join('')
}

/** Of those who are mentioned without one. Once somebody can't be looked up, nobody else is. */
async function namesIn(parts: readonly string[], { nameOf }: Names): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(parts.flatMap((part) => /^<@([^|<>]+)\|?>$/.exec(part)?.[1] ?? []))
  const names = new Map<string, string>()
  for (const id of [...ids].slice(0, mostLookedUp)) {
    const name = await nameOf(id).catch(() => null)
    if (name === null) break
    names.set(id, name)
  }
  return names
}

/** What is inside the brackets; a name is never read as markup in its turn. */
function readMark(mark: string, names: ReadonlyMap<string, string>): string {
  const [what = '', escapedLabel = ''] = mark.split('|', 2)
  const label = unescaped(escapedLabel)
  if (what.startsWith('@')) return `@${label || (names.get(what.slice(1)) ?? what.slice(1))}`
  if (what.startsWith('#')) return `#${label || what.slice(1)}`
  if (what.startsWith('!')) return `@${(label || what.replace(/^!(subteam\^)?/, '')).replace(/^@/, '')}`
  return label || unescaped(what)
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
