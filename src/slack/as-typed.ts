import type { SlackPeople } from './people.ts'

/**
 * What stands after a command as the person typed it. Slack escapes `&`, `<` and `>` there, and puts its own markup between bare
 * angle brackets: a person by id, a channel by id and name (none where it is private), a link with what was typed of it. A mention
 * reads as the name of the person, and calls nobody. Source: slack.md §2 (`should_escape`).
 */
export async function asTyped(text: string, { nameOf }: Pick<SlackPeople, 'nameOf'>): Promise<string> {
  const ids = [...text.matchAll(mention)].flatMap(([, id, label]) => (label ? [] : [id!]))
  const named = await Promise.all([...new Set(ids)].map(async (id) => [id, await nameOf(id).catch(() => id)] as const))
  const names = new Map(named)
  return unescaped(
    text
      .replace(mention, (_, id, label) => `@${label || (names.get(id) ?? id)}`)
      .replace(channel, (_, id, label) => `#${label || id}`)
      .replace(group, (_, id, label) => (label ? (label.startsWith('@') ? label : `@${label}`) : `@${id}`))
      .replace(link, (_, address, label) => label ?? address),
  )
}

const mention = /<@([A-Z0-9]+)(?:\|([^<>|]*))?>/g
const channel = /<#([A-Z0-9]+)(?:\|([^<>|]*))?>/g
const group = /<!(?:subteam\^)?([A-Za-z0-9]+)(?:\|([^<>|]*))?>/g
const link = /<((?:https?:\/\/|mailto:)[^<>|]+)(?:\|([^<>|]*))?>/g

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
