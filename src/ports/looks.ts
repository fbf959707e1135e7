import type { StackFacts, Token } from '../domain/token/token.ts'
import type { TokenRef } from './changes.ts'

/** A token that its stack has no more, and when that was noted (an ISO instant). */
export type GoneToken = Token & { readonly goneAt: string }

/** What came of a look at several tokens, or at one. */
type Remembered = {
  /** Those that are not older than what is known. */
  readonly believed: readonly Token[]
  /** Known tokens that a list lacks: each has to be looked at by itself. */
  readonly missing: readonly string[]
}

/** What looks at stacks found. */
export type LookWrites = {
  /**
   * Keeps what a look found, which began at `began` (an ISO instant). A token whose settings are others than before, though no
   * change made them so, is noted in the log as edited elsewhere. What shows a token as it was before what is known of it is
   * not believed. What was found by a look that began before the one that is remembered was over may be older, and is left
   * out. A list that lacks a token proves nothing: the token is kept, and named as missing.
   */
  rememberTokens(stack: string, tokens: readonly Token[], began: string): Promise<Remembered>
  /** Resolves to whether it was believed. */
  rememberToken(token: Token, began: string): Promise<boolean>
  /** The stack says of this token by itself that it is gone, in a look that began at `began`. */
  tokenIsGone(of: TokenRef, began: string): Promise<void>
  rememberFacts(stack: string, facts: StackFacts): Promise<void>
}

/** Tokens and stacks as they were last seen. */
export type LookReads = {
  /** As last seen; without those that are gone. */
  knownTokens(): Promise<readonly Token[]>
  knownToken(of: TokenRef): Promise<Token | null>
  /** When a look of any process last showed it, gone or not: an ISO instant; null for one that is not known. */
  lastSeen(of: TokenRef): Promise<string | null>
  /** Those that are gone, as they were last seen; the very same list until a token is another. */
  goneTokens(): Promise<readonly GoneToken[]>
  knownFacts(stack: string): Promise<StackFacts | null>
}
