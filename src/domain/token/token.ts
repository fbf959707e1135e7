import { z } from 'zod'

/**
 * Modules that a token's permissions can name, in the order in which people see them.
 * Source: contentstack.md §2 (documented, or accepted by the live API in the vendor's own test suites).
 */
export const modules = [
  'content_type',
  'entry',
  'asset',
  'global_field',
  'environment',
  'locale',
  'extension',
  'label',
  'release',
  'role',
  'webhook',
  'workflow',
] as const

export type Module = (typeof modules)[number]

export function isModule(text: string): text is Module {
  return (modules as readonly string[]).includes(text)
}

/** Writing includes reading: on the stack, no token can write what it may not read. */
export type Access = 'none' | 'read' | 'write'

/** More access has a higher rank. */
export const rank: Record<Access, number> = { none: 0, read: 1, write: 2 }

const permissions = z
  .object({
    /** `$all`: the whole stack. */
    everything: z.enum(['none', 'read', 'write']),
    /** Granted on top of `everything`, one by one. */
    modules: z.partialRecord(z.enum(modules), z.enum(['read', 'write'])),
  })
  .readonly()
export type Permissions = z.infer<typeof permissions>

const rateLimits = z.discriminatedUnion('kind', [
  /** This stack's rate-limit fields are not configured, so the app leaves them alone. */
  z.object({ kind: z.literal('ungoverned') }).readonly(),
  z.object({ kind: z.literal('organisation') }).readonly(),
  /** Requests a second. */
  z.object({ kind: z.literal('custom'), read: z.number(), write: z.number() }).readonly(),
])
export type RateLimits = z.infer<typeof rateLimits>

/** The parts of a management token that may be edited. The secret value is never one of them. */
export const settings = z
  .object({
    name: z.string(),
    description: z.string(),
    branches: z.array(z.string()).readonly(),
    aliases: z.array(z.string()).readonly(),
    /**
     * The branches that aliases point to, by alias: the settings' own, and in a change those of both sides. An alias
     * that is missing here points to no known branch. Only names are sent to a stack.
     */
    aliasTargets: z.record(z.string(), z.string()).readonly().optional(),
    permissions,
    /**
     * `yyyy-MM-dd` (midnight UTC at the start of that day) or a full ISO instant, as the stack has it; null means
     * never.
     */
    expiresOn: z.string().nullable(),
    /** An e-mail from Contentstack seven days before expiry. */
    emailNotice: z.boolean(),
    rateLimits,
    /** Scope entries that the app does not understand, as canonical JSON: never edited, always shown and sent back. */
    otherScope: z.array(z.string()).readonly(),
    /**
     * Fields about expiry that the app does not understand, for example `is_never_expires: true`. Missing if an earlier
     * release recorded the token without them.
     */
    otherExpiry: z.array(z.string()).readonly().optional(),
  })
  .readonly()
export type Settings = z.infer<typeof settings>

/** A management token under governance, as a look found it. */
export type Token = {
  /** The log's id for its stack: see `known-stacks.ts`. */
  readonly stack: string
  /** The configured name of the stack, if different. */
  readonly stackName?: string
  readonly uid: string
  readonly settings: Settings
  /** If the stack says it. Not editable, and never sent back. */
  readonly edited?: LastEdit
}

/** The last editor of a token, as the stack names them (a user's uid), and when. Source: contentstack.md §1. */
export type LastEdit = { readonly by: string | null; readonly at: string | null }

const unread = z.object({ count: z.number(), why: z.string() }).readonly()
/** Entries of a list that can't be read: how many, and what is wrong with the first, as a clause. */
export type Unread = z.infer<typeof unread>

/** The facts about a stack that decide what the form offers and what a proposal is checked against. */
export const stackFacts = z
  .object({
    /** The stack's own name, which its people use. */
    title: z.string(),
    branchesEnabled: z.boolean(),
    branches: z.array(z.string()).readonly(),
    aliases: z.array(z.string()).readonly(),
    /** The branch that each alias points to; missing in facts kept before it was read. */
    aliasTargets: z.record(z.string(), z.string()).readonly().optional(),
    /** The reason the stack did not list these, as a clause; missing for lists that it gave. */
    unlisted: z.object({ branches: z.string().optional(), aliases: z.string().optional() }).readonly().optional(),
    /** Entries of these lists that can't be read, so a name that is not in a list may still exist. */
    unread: z.object({ branches: unread.optional(), aliases: unread.optional() }).readonly().optional(),
    /** The organisation's requests a second, if its plan could be read. */
    organisationLimits: z.object({ read: z.number(), write: z.number() }).readonly().nullable(),
    rateLimitsGoverned: z.boolean(),
  })
  .readonly()
export type StackFacts = z.infer<typeof stackFacts>
