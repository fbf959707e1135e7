import { z } from 'zod'
import { isFields } from './fields.ts'

/** Used in an address as it is: anything else is not a uid of Contentstack's. */
const uid = z
  .string()
  .max(100, 'is too long for a uid')
  .regex(/^[\w-]+$/, 'is not a uid')

export const text = (most: number) => z.string().max(most, `has more than ${most} characters`)

/** The last editor and the time are only ever shown: if a stack says them in another way, the app ignores them. */
const told = text(100).optional().catch(undefined)

/** A token's fields beside its settings. */
export const recordShape = { uid, updated_by: told, updated_at: told }

export const oneToken = z.looseObject({ token: z.unknown() })

/** Contentstack's notice for an update that it took. A maintenance page has a notice too. */
const updated = z.string().regex(/^\s*management token updated successfully\.?\s*$/i)

/** The answer to an update shows the token as it was stored, and a notice. Source: contentstack.md §1. */
export const updateAnswer = z
  .looseObject({ notice: updated.optional().catch(undefined), token: z.unknown().optional() })
  .refine(({ notice, token }) => notice !== undefined || token !== undefined)

/** One page of a list; `count` may be missing. Source: contentstack.md §1, §8. */
export const listed = (key: string) =>
  z
    .looseObject({ [key]: z.array(z.unknown()), count: z.number().optional().catch(undefined) })
    .transform((answer) => ({ records: answer[key] as unknown[], count: answer.count as number | undefined }))

/**
 * Not loose, and odd values are ignored: the answer can carry the stack's master key. If it doesn't say whether the
 * stack has branches, it is taken to have them: then the list of branches tells, or is refused. Source: contentstack.md
 * §8.
 */
export const stackAnswer = z.object({
  stack: z.object({
    /** Empty if it can't be read: nobody should be kept from looking at a stack by its name. */
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

/**
 * `deleted_at` is a time once a branch or an alias is deleted; before that it is `false` or missing. Source:
 * contentstack.md §8.
 */
export function isDeleted(record: unknown): boolean {
  return isFields(record) && typeof record.deleted_at === 'string' && record.deleted_at !== ''
}

const branchName = text(200).min(1, 'is empty')

export const branchRecord = z.looseObject({ uid: branchName })

/** `alias` is the alias, `uid` the branch that it points to. Source: contentstack.md §8. */
export const aliasRecord = z.looseObject({ alias: branchName, uid: branchName.optional().catch(undefined) })

/** Odd features are ignored. Source: contentstack.md §3, from a dump of one real plan. */
export const organisationAnswer = z.looseObject({
  organization: z.looseObject({
    plan: z.looseObject({
      features: z.array(z.looseObject({ uid: z.string(), limit: z.unknown() }).nullable().catch(null)),
    }),
  }),
})

/** Requests a second. A form can't be checked against any other value. */
export const requestLimit = z.number().int().positive()

/** The body of a refusal; some services use another name for the message. Source: contentstack.md §7. */
export const failure = z.looseObject({
  error_message: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error_code: z.number().optional().catch(undefined),
  errors: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .optional()
    .catch(undefined),
})

/** Says what is wrong with an answer, or with something else by its name, without quoting it. */
export function faultsInWords(error: z.ZodError, whole = 'the answer'): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || whole}: ${message}`).join('; ')
}
