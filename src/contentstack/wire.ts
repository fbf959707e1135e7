import { z } from 'zod'
import { isFields } from './fields.ts'

/** What stands in an address as it is: anything else is no uid of Contentstack's. */
const uid = z
  .string()
  .max(100, 'is too long for a uid')
  .regex(/^[\w-]+$/, 'is not a uid')

export const text = (most: number) => z.string().max(most, `has more than ${most} characters`)

/** Who edited it last, and when, is only ever shown: a stack that says it in another way is a stack that doesn't say it. */
const told = text(100).optional().catch(undefined)

/** What a token has beside its settings. */
export const recordShape = { uid, updated_by: told, updated_at: told }

export const oneToken = z.looseObject({ token: z.unknown() })

/** What Contentstack says of an update that it took. A page that says that the stack is being maintained has a notice too. */
const updated = z.string().regex(/^\s*management token updated successfully\.?\s*$/i)

/** The answer to an update shows the token as it was stored, and a notice. Source: contentstack.md §1. */
export const updateAnswer = z
  .looseObject({ notice: updated.optional().catch(undefined), token: z.unknown().optional() })
  .refine(({ notice, token }) => notice !== undefined || token !== undefined)

/** One page of a list. Source: contentstack.md §1, §8; `count` may be missing. */
export const listed = (key: string) =>
  z
    .looseObject({ [key]: z.array(z.unknown()), count: z.number().optional().catch(undefined) })
    .transform((answer) => ({ records: answer[key] as unknown[], count: answer.count as number | undefined }))

/**
 * Not loose, and what is odd in it is passed over: the answer can carry the stack's master key. Where it can't be told whether
 * the stack has branches, it is taken to: then the list of them says so or is refused. Source: contentstack.md §8.
 */
export const stackAnswer = z.object({
  stack: z.object({
    /** Empty where it can't be read: what the stack is called keeps nobody from looking at it. */
    name: z
      .string()
      .transform((name) => (name.length > 200 ? `${name.slice(0, 200)}…` : name))
      .catch(''),
    org_uid: text(100).optional().catch(undefined),
    settings: z
      .object({ branches: z.boolean().optional().catch(true) })
      .nullish()
      .catch({ branches: true }),
  }),
})

/** `deleted_at` is a time once a branch or an alias is deleted, `false` before, or not there at all. Source: contentstack.md §8. */
export function isDeleted(record: unknown): boolean {
  return isFields(record) && typeof record.deleted_at === 'string' && record.deleted_at !== ''
}

const branchName = text(200).min(1, 'is empty')

export const branchRecord = z.looseObject({ uid: branchName })

/** `alias` is the alias, `uid` the branch that it points to. Source: contentstack.md §8. */
export const aliasRecord = z.looseObject({ alias: branchName, uid: branchName.optional().catch(undefined) })

/** What is odd among the features is passed over. Source: contentstack.md §3, from a dump of one real plan. */
export const organisationAnswer = z.looseObject({
  organization: z.looseObject({
    plan: z.looseObject({
      features: z.array(z.looseObject({ uid: z.string(), limit: z.unknown() }).nullable().catch(null)),
    }),
  }),
})

/** Requests a second. Anything else is no limit that a form could be held against. */
export const requestLimit = z.number().int().positive()

/** The body of a refusal; some services name the message differently. Source: contentstack.md §7. */
export const failure = z.looseObject({
  error_message: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error_code: z.number().optional().catch(undefined),
  errors: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .optional()
    .catch(undefined),
})

/** What is wrong with an answer, or with what else is named, without quoting it. */
export function faultsInWords(error: z.ZodError, whole = 'the answer'): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || whole}: ${message}`).join('; ')
}
