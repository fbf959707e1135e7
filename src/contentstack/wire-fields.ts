import { z } from 'zod'
import { Refusal } from '../domain/refusal.ts'
import { isDay, whyExpiryStays, writtenLike } from '../domain/token/expiry.ts'
import type { SettingKey } from '../domain/token/field.ts'
import type { Module, Settings } from '../domain/token/token.ts'
import type { Fields } from './fields.ts'
import type { Entry } from './scope.ts'
import { type RateLimitFields, readRateLimits, writeRateLimits } from './token-rate-limits.ts'
import { text } from './wire.ts'
import { writeScope } from './write-scope.ts'

/** The sample answers have dates and instants; an empty text counts as "never", like null. */
const expiry = z.string().refine((text) => text === '' || !Number.isNaN(Date.parse(text)), 'is not a date')

/**
 * The part of a token that the app reads. Nobody could be shown a value beyond these bounds. Everything else is neither
 * checked nor dropped. Source: contentstack.md §1.
 */
export const tokenSettings = z.looseObject({
  name: text(1000),
  description: text(10_000).nullish(),
  scope: z.array(z.unknown()).max(200, 'has more than 200 entries').nullish(),
  expires_on: expiry.nullish(),
  is_email_notification_enabled: z.boolean().nullish(),
})

/** A token as the stack shows it, and what the app can read of it. */
type Seen = {
  readonly raw: Fields
  readonly read: z.infer<typeof tokenSettings>
  readonly scope: readonly Entry[]
  readonly limits: RateLimitFields | null
}

type WireField<K extends SettingKey> = {
  readonly reads: (seen: Seen) => Settings[K]
  /** Puts the field of `after` into the body of an update. Fields that are written together share one function. */
  readonly writes: (body: Fields, after: Settings, limits: RateLimitFields | null) => Fields
  /** The reason it can't be written on this token; null if it can. */
  readonly whyNot?: (live: Settings) => string | null
}

/** Each field of the settings as the stack has it. The note of a look at a token has them in this order. */
export const wireFields: { readonly [K in SettingKey]: WireField<K> } = {
  name: {
    reads: ({ read }) => read.name,
    writes: (body, { name }) => ({ ...body, name }),
  },
  description: {
    reads: ({ read }) => read.description ?? '',
    writes: (body, { description }) => ({ ...body, description }),
  },
  branches: { reads: ({ scope }) => namesIn(scope, 'branch'), writes: scoped },
  aliases: { reads: ({ scope }) => namesIn(scope, 'branch_alias'), writes: scoped },
  permissions: { reads: ({ scope }) => permissionsIn(scope), writes: scoped },
  otherScope: {
    reads: ({ scope }) => scope.flatMap((entry) => (entry.kind === 'other' ? [entry.text] : [])),
    writes: (body) => body,
    whyNot: () =>
      "the change would alter scope entries that Countersign doesn't understand and so never edits: this update was not sent; edit them in Contentstack",
  },
  expiresOn: {
    reads: ({ read }) => read.expires_on || null,
    writes: (body, { expiresOn }) => ({ ...body, expires_on: expiryLike(body.expires_on, expiresOn) }),
    whyNot: (live) => {
      const stays = whyExpiryStays(live)
      return stays === null ? null : `${stays} This update was not sent.`
    },
  },
  emailNotice: {
    reads: ({ read }) => read.is_email_notification_enabled ?? false,
    writes: (body, { emailNotice }) => ({ ...body, is_email_notification_enabled: emailNotice }),
  },
  rateLimits: { reads: ({ raw, limits }) => readRateLimits(raw, limits), writes: limited },
}

export const wireKeys = Object.keys(wireFields) as readonly SettingKey[]

function namesIn(scope: readonly Entry[], kind: 'branch' | 'branch_alias'): readonly string[] {
  return scope.flatMap((entry) => (entry.kind === kind ? [...entry.names] : []))
}

function permissionsIn(scope: readonly Entry[]): Settings['permissions'] {
  const grants = scope.filter((entry) => entry.kind === 'grant')
  const modules = grants.flatMap(({ module, access }): [Module, 'read' | 'write'][] =>
    module === '$all' || access === 'none' ? [] : [[module, access]],
  )
  return {
    everything: grants.find(({ module }) => module === '$all')?.access ?? 'none',
    modules: Object.fromEntries(modules),
  }
}

function scoped(body: Fields, after: Settings): Fields {
  return { ...body, scope: writeScope((body.scope ?? []) as unknown[], after) }
}

function expiryLike(came: unknown, after: string | null): string | null {
  return after !== null && isDay(after) && typeof came === 'string' ? writtenLike(came, after) : after
}

function limited(body: Fields, after: Settings, limits: RateLimitFields | null): Fields {
  if (limits !== null) return writeRateLimits(body, after.rateLimits, limits)
  throw new Refusal(
    'invalid',
    "this stack's rate-limit fields are not configured, so Countersign can't write rate limits: this update was not sent; ask an operator to configure them, or leave the rate limits out",
  )
}
