import { type QuickVerb, quickVerbs } from '../../domain/quick/verbs.ts'

/** The words that can follow `/token`, besides quick commands and the number of a change. */
const plainVerbs = ['edit', 'list', 'show', 'history', 'mine', 'pending', 'help'] as const
export type PlainVerb = (typeof plainVerbs)[number]

export type Verb = PlainVerb | QuickVerb
export const verbs: readonly Verb[] = [...plainVerbs, ...quickVerbs]

export function isQuick(verb: Verb): verb is QuickVerb {
  return (quickVerbs as readonly Verb[]).includes(verb)
}

/** For a button that does what such a command does. */
export const labels: Record<PlainVerb, string> = {
  edit: 'Edit…',
  list: 'List tokens',
  show: 'Show',
  history: 'Show history',
  mine: 'Show my changes',
  pending: 'Show pending',
  help: 'All commands',
}
