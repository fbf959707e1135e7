import type { Effect } from './effect.ts'
import type { Module, Settings, StackFacts } from './token.ts'

/**
 * An entry of the settings that can be edited on its own. The branches that aliases point to, for example, only go with
 * another field, so they are left out.
 */
export type SettingKey = Exclude<keyof Settings, 'aliasTargets' | 'otherExpiry'>

/** A part that people are told of separately: each part of the permissions is one. Stable, and unique within a diff. */
export type FieldKey = Exclude<SettingKey, 'permissions'> | 'everything' | `module.${Module}`

export type Edit = { readonly before: Settings; readonly after: Settings }
export type Asked = Edit & { readonly reason: string; readonly facts: StackFacts; readonly now: Date }

/** The place of an error, as a form would name it: a field, or one of the two numbers of the rate limits. */
type Input = Exclude<SettingKey, 'rateLimits' | 'otherScope'> | 'readRate' | 'writeRate' | 'reason'
export type FieldErrors = Partial<Record<Input, string>>

/** Tells if a text on a token is the sent one in another form. */
export type Alike = (sent: string, found: string) => boolean

/** A value in words, which is also its meaning unless `meaning` differs; for a list, its entries in words. */
export type Reading =
  | string
  | { readonly value: string; readonly meaning: string; readonly names?: readonly string[] | undefined }

/** Something that people are told about under its own label. */
export type Said = {
  readonly label: string
  /** `withOthers` adds the fields about expiry that the app does not understand. */
  readonly reads: (settings: Settings, withOthers: boolean) => Reading
  /** A difference that the value does not show, like an alias that points elsewhere. */
  readonly differsBesides?: (before: Settings, after: Settings) => boolean
  /**
   * True if an update may have left it like this when the stack took only part of it. Left out: the stack takes all of
   * it or nothing.
   */
  readonly mayBePart?: (edit: Edit, live: Settings) => boolean
  /** False if a look says nothing about it: then it counts as unmoved. */
  readonly isKnown?: (settings: Settings) => boolean
}

/**
 * Everything the rules know about one field. The stack's terms for it and its inputs in Slack are in their own folders.
 */
export type Field<K extends SettingKey> = (
  | Said
  | { readonly parts: readonly (Said & { readonly key: FieldKey })[] }
) & {
  /**
   * The effects of editing it on what the token may do. Fields that are judged together share a function. `at`: see
   * `effectsOf`.
   */
  readonly effects: (before: Settings, after: Settings, at: string | null) => readonly Effect[]
  /** The reason it can't be asked for, for whoever fills in the form. */
  readonly check?: (asked: Asked) => FieldErrors | string | undefined
  /** `base` with these parts of it as in `from`. Left out: all of it is taken. */
  readonly take?: (base: Settings, from: Settings, keys: ReadonlySet<FieldKey>) => Settings[K]
  /** Merges an edit with what somebody else has made of it meanwhile. Left out: the edit wins. */
  readonly merge?: (edit: Edit, live: Settings) => Settings[K]
  /** True if it is never edited: it always stays as it is on the token. */
  readonly isKept?: true
  /** The reason nobody can edit it on this token; null if it can be edited. */
  readonly whyStays?: (live: Settings) => string | null
  /** True if the value found is the sent one in another form. */
  readonly isRewritten?: (sent: Settings, found: Settings, alike: Alike) => boolean
  /** The reason a stack may have taken an update but kept the old value, as a clause. */
  readonly whyKept?: string
}
