import { z } from 'zod'
import { reverts } from '../domain/change/reverts.ts'
import { settings } from '../domain/token/token.ts'
import type { Draft } from '../ports/drafts.ts'

const body = z.object({
  before: settings,
  form: z.unknown(),
  /** Missing from forms of 0.2.0, which showed all of it. */
  shown: z.unknown().default(null),
  /** Missing from forms saved before parts were redrawn one by one. */
  afresh: z.record(z.string(), z.number().int()).default({}),
  /** Missing from forms saved before open changes could be edited. */
  change: z.object({ id: z.number().int(), revision: z.number().int() }).nullable().default(null),
  reverts: reverts.nullable().default(null),
})

/** Nobody has this many forms open: whoever opens more loses the oldest, and is told so when they send it. */
export const mostDrafts = 100

type DraftRow = Pick<Draft, 'id' | 'person' | 'stack' | 'tokenUid'> & { readonly body: string }

export function draftRow({ id, person, stack, tokenUid, ...rest }: Draft): DraftRow {
  return { id, person, stack, tokenUid, body: JSON.stringify(body.parse(rest)) }
}

export function draftIn({ id, person, stack, tokenUid, body: text }: DraftRow): Draft {
  return { id, person, stack, tokenUid, ...body.parse(JSON.parse(text)) }
}
