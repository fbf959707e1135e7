import type { Answer } from '../domain/change/write.ts'
import type { AccessRefused } from '../domain/refusal.ts'
import type { LastEdit, Settings, StackFacts, Token } from '../domain/token/token.ts'
import type { Unreadable } from '../domain/token/unreadable.ts'

/** A token as the stack has it now. `raw` is the stack's own answer, opaque here: it goes back with the update. */
export type LiveToken = Token & { readonly raw: unknown }

/**
 * The stack's answer to a write, as it is recorded. `edited` is who edited the token, and when, by an answer that shows
 * the token as it was stored. `barred`: the stack no longer lets the app in, for whoever runs it.
 */
export type WriteAnswer = Answer & { readonly edited?: LastEdit; readonly barred?: AccessRefused }

/** `first`: before the looks that only show something. For a look that an approved change waits for. */
export type Urgency = { readonly first?: boolean }

/** One governed Contentstack stack. Reads throw a Refusal if the stack says no, and an Error in an outage. */
export type StackApi = {
  tokens(wanted?: Urgency): Promise<readonly Token[]>
  /** The unreadable part of the last list; left out by a stack where every token can be read. */
  unreadable?(): readonly Unreadable[]
  /**
   * Throws a Refusal `not_found` only if the stack itself says that it has no such token, and its list lacks it too.
   */
  token(uid: string, wanted?: Urgency): Promise<LiveToken>
  facts(): Promise<StackFacts>
  /** Sends `after` over `live` once, before the looks that wait, and never throws: the answer has the outcome. */
  update(live: LiveToken, after: Settings): Promise<WriteAnswer>
}
