import type { StackFacts, Token } from '../domain/token/token.ts'
import type { TokenRef } from './changes.ts'

/** A token that its stack no longer has, and when that was noted (an ISO instant). */
export type GoneToken = Token & { readonly goneAt: string }

/** The result of a look at several tokens, or at one. */
type Remembered = {
  /** Tokens that are not older than what is known. */
  readonly believed: readonly Token[]
  /** Known tokens that a list lacks: each has to be looked at by itself. */
  readonly missing: readonly string[]
}

/** The findings of looks at stacks. */
export type LookWrites = {
  /**
   * Saves what a look found that began at `began` (an ISO instant). A token whose settings differ from before, though
   * no change made them so, is logged as edited elsewhere. A token older than what is known of it is not believed. If a
   * look began before the remembered one was over, what it found may be older, and is left out. A list that lacks a
   * token proves nothing: the token is kept, and named as missing.
   */
  rememberTokens(stack: string, tokens: readonly Token[], began: string): Promise<Remembered>
  /** Resolves to true if it was believed. */
  rememberToken(token: Token, began: string): Promise<boolean>
  /** The stack says of this very token that it is gone, in a look that began at `began`. */
  tokenIsGone(of: TokenRef, began: string): Promise<void>
  rememberFacts(stack: string, facts: StackFacts): Promise<void>
}

/** Tokens and stacks as they were last seen. */
export type LookReads = {
  /** As last seen; without those that are gone. */
  knownTokens(): Promise<readonly Token[]>
  knownToken(of: TokenRef): Promise<Token | null>
  /** When a look of any process last showed it, gone or not: an ISO instant; null for an unknown token. */
  lastSeen(of: TokenRef): Promise<string | null>
  /** Those that are gone, as they were last seen; the very same list until a token changes. */
  goneTokens(): Promise<readonly GoneToken[]>
  knownFacts(stack: string): Promise<StackFacts | null>
}
