import type { Effect } from './effect.ts'
import type { Module, Settings, StackFacts } from './token.ts'

/** An entry of the settings that is edited by itself. What only goes with another field, such as what aliases point to, is none. */
export type SettingKey = Exclude<keyof Settings, 'aliasTargets' | 'otherExpiry'>

/** What people are told of by itself: each part of the permissions is. Stable, and unique within a diff. */
export type FieldKey = Exclude<SettingKey, 'permissions'> | 'everything' | `module.${Module}`

export type Edit = { readonly before: Settings; readonly after: Settings }
export type Asked = Edit & { readonly reason: string; readonly facts: StackFacts; readonly now: Date }

/** What an error is about, as a form would say it: a field, or one of the two numbers of the rate limits. */
type Input = Exclude<SettingKey, 'rateLimits' | 'otherScope'> | 'readRate' | 'writeRate' | 'reason'
export type FieldErrors = Partial<Record<Input, string>>

/** Tells whether a text on a token is another writing of the one that was sent. */
export type Alike = (sent: string, found: string) => boolean

/** A value in words, which is also what it means unless `meaning` says otherwise; of a list, its entries in words. */
export type Reading =
  | string
  | { readonly value: string; readonly meaning: string; readonly names?: readonly string[] | undefined }

/** What people are told of under a label of its own. */
export type Said = {
  readonly label: string
  /** `withOthers`: the expiry with the fields beside it that the app does not understand. */
  readonly reads: (settings: Settings, withOthers: boolean) => Reading
  /** A difference that the value has none of, such as an alias that points elsewhere. */
  readonly differsBesides?: (before: Settings, after: Settings) => boolean
  /** True where an update may have left it like this, of which the stack took only a part. Left out, it takes all or nothing. */
  readonly mayBePart?: (edit: Edit, live: Settings) => boolean
  /** False where a look says nothing of it: then it counts as unmoved. */
  readonly isKnown?: (settings: Settings) => boolean
}

/** One field: all that the rules know of it. The stack's terms for it and the inputs in Slack stand in their own rooms. */
export type Field<K extends SettingKey> = (
  | Said
  | { readonly parts: readonly (Said & { readonly key: FieldKey })[] }
) & {
  /** What an edit of it does to what the token may do. Fields that are judged together have the same function. */
  readonly effects: (before: Settings, after: Settings) => readonly Effect[]
  /** What stands in the way of asking for it, for whoever fills in the form. */
  readonly check?: (asked: Asked) => FieldErrors | string | undefined
  /** `base`, but with these parts of it as they are in `from`. Left out, it is taken whole. */
  readonly take?: (base: Settings, from: Settings, keys: ReadonlySet<FieldKey>) => Settings[K]
  /** An edit of it over what somebody else has made of it meanwhile. Left out, the edit counts. */
  readonly merge?: (edit: Edit, live: Settings) => Settings[K]
  /** Never edited: always as it is on the token. */
  readonly isKept?: true
  /** Why nobody can edit it on this token; null where it can be edited. */
  readonly whyStays?: (live: Settings) => string | null
  /** True where what is found is another writing of what was sent. */
  readonly isRewritten?: (sent: Settings, found: Settings, alike: Alike) => boolean
  /** Why a stack may have taken an update and kept the old value of it, as a clause. */
  readonly whyKept?: string
}
