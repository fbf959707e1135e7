import { quickVerbs } from '../../domain/quick/verbs.ts'

/** The words that can follow `/token`, besides quick commands and the number of a change. */
const plainVerbs = ['edit', 'list', 'show', 'history', 'mine', 'pending', 'help'] as const
export type PlainVerb = (typeof plainVerbs)[number]

export const verbs = [...plainVerbs, ...quickVerbs] as const
