import type { FieldErrors } from '../token/field.ts'
import type { Settings, StackFacts } from '../token/token.ts'
import type { Read } from './reading.ts'

/** What a command is tried on. */
export type Around = { readonly before: Settings; readonly facts: StackFacts; readonly now: Date }

/** What came of it. `lastSeen`: `before` is what was last seen, since nobody could look now. */
export type Outcome = {
  readonly before: Settings
  readonly after: Settings
  readonly now: Date
  readonly lastSeen: boolean
}

/** A piece of a sentence: the app's own words, or what somebody wrote. */
export type Said = string | { readonly said: string }

/** The token, as it was called in the line. */
export type Called = { readonly token: string }

/** One quick command: all that there is to know of it. `Asks` is what it asks for, besides which token. */
export type Verb<Asks> = {
  /** What follows the token: for the help, and as somebody would write it. */
  readonly usage: string
  readonly example: string
  /** What it is for, in the help. */
  readonly does: string
  /** What follows the token in a line, without the reason. */
  readonly read: (text: string) => Read<Asks>
  /** The same in writing; `name` puts a name into quotes where the line would not be read alike without. */
  readonly written: (asks: Asks, name: (text: string) => string) => string
  /** What the token would be after it. Throws a Refusal in words for whoever typed it. */
  readonly edit: (asks: Asks & Called, around: Around) => Settings
  /** What it was understood to ask for, as an order and without a full stop. */
  readonly understood: (asks: Asks, token: Said, outcome: Outcome) => Said[]
  /** What is wrong with a token that would be left with nothing, in the terms of the command. Left out, a form says it as well. */
  readonly nothingLeft?: (asks: Asks & Called, around: Around, after: Settings) => FieldErrors
}
