import type { FieldErrors } from '../token/field.ts'
import type { Settings, StackFacts } from '../token/token.ts'
import type { Read } from './reading.ts'

/** The token and stack that a command is tried on. */
export type Around = { readonly before: Settings; readonly facts: StackFacts; readonly now: Date }

/** The result. `lastSeen`: `before` is from the last look, since the token could not be looked at now. */
export type Outcome = {
  readonly before: Settings
  readonly after: Settings
  readonly now: Date
  readonly lastSeen: boolean
}

/** A piece of a sentence: the app's own words, or what somebody wrote. */
export type Said = string | { readonly said: string }

/** The token's name as it was typed. */
export type Called = { readonly token: string }

/** Everything about one quick command. `Asks` is what it asks for, besides the token. */
export type Verb<Asks> = {
  /** The part after the token: its form, for the help, and an example. */
  readonly usage: string
  readonly example: string
  /** Its purpose, for the help. */
  readonly does: string
  /** Reads the part after the token, without the reason. */
  readonly read: (text: string) => Read<Asks>
  /** Writes that part so that it reads the same; `name` quotes a name if the line needs it. */
  readonly written: (asks: Asks, name: (text: string) => string) => string
  /** The token's settings after it. Throws a Refusal for the person who typed it. */
  readonly edit: (asks: Asks & Called, around: Around) => Settings
  /** Says what it was understood to ask for, as an order and without a full stop. */
  readonly understood: (asks: Asks, token: Said, outcome: Outcome) => Said[]
  /** The part after the token that would not be refused, if the verb knows one. */
  readonly nearer?: (asks: Asks & Called, around: Around) => string | null
  /** Errors for a token that would be left with nothing, in the terms of the command. Left out, the form's errors do. */
  readonly nothingLeft?: (asks: Asks & Called, around: Around, after: Settings) => FieldErrors
}
