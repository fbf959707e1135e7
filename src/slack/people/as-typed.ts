import type { SlackPeople } from './people.ts'

type Names = Pick<SlackPeople, 'nameOf'>

/**
 * At most this many people are looked up for one command, one after another: somebody who mentions more must leave
 * enough of Slack's allowance for others.
 */
const mostLookedUp = 10

/**
 * A command's text as the person typed it. Slack escapes `&`, `<` and `>` there, and puts its own markup between bare
 * angle brackets: a person by id, a channel by id and name (no name if it is private), a link with the text typed for
 * it. A mention reads as the person's name, or as their id, and notifies nobody. Source: slack.md §2 (`should_escape`).
 */
export async function asTyped(text: string, people: Names): Promise<string> {
  const parts = text.split(/(<[^<>]+>)/)
  const names = await namesIn(parts, people)
  return parts.map((part, i) => (i % 2 === 1 ? readMark(part.slice(1, -1), names) : unescaped(part))).join('')
}

/** Names of people mentioned by id alone. Once one of them can't be looked up, no other is tried. */
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

/** Reads the inside of the brackets; a name is never read as markup in its turn. */
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
