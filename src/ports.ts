import type { Checkpoint } from './domain/chain.ts'
import type { Change, ChangeEvent, Proposed } from './domain/change.ts'
import type { Fact } from './domain/fact.ts'
import type { Reverts } from './domain/reverts.ts'
import type { Settings, StackFacts, Token } from './domain/token.ts'

/** A token as the stack has it now. `raw` is the stack's own answer, opaque here: it goes back with the update. */
export type LiveToken = Token & { readonly raw: unknown }

/**
 * What came of a write. `unknown` is an answer that proves nothing (a timeout, a lost connection, a 5xx): only a look can
 * tell. `busy` means the stack says that it did not even try (429).
 */
export type WriteAnswer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'busy'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string }

/** One Contentstack stack whose tokens are governed. Reads throw a Refusal when the stack says no, and an Error in an outage. */
export type StackApi = {
  tokens(): Promise<readonly Token[]>
  token(uid: string): Promise<LiveToken>
  facts(): Promise<StackFacts>
  /** Sends `after` over `live` once, and never throws: whatever came of it is in the answer. */
  update(live: LiveToken, after: Settings): Promise<WriteAnswer>
}

/** Where a change's card stands in Slack. */
export type CardRef = { readonly channel: string; readonly ts: string }

/** A change as stored, with what is known of its card and of whom was told. */
export type StoredChange = {
  readonly change: Change
  /** The number of its last audit event: what a card or a message is drawn for. */
  readonly seq: number
  readonly card: (CardRef & { readonly seq: number }) | null
  /** A card was being posted when the process last touched it, and nobody knows whether it arrived. */
  readonly cardInDoubt: boolean
  /** The status that the requester was last told of. */
  readonly told: string | null
}

export type AuditEvent = {
  readonly seq: number
  readonly at: string
  readonly actor: string
  readonly changeId: number | null
  readonly event: ChangeEvent | Fact
}

/** Which token, of which stack. */
export type TokenRef = { readonly stack: string; readonly tokenUid: string }

type Noted<T extends Fact['type']> = { readonly seq: number; readonly at: string } & {
  readonly fact: Extract<Fact, { type: T }>
}
export type OutsideEdit = Noted<'outside_edit'>

/** A change that has ended, or an edit made elsewhere. */
export type PastEntry =
  | { readonly kind: 'change'; readonly stored: StoredChange }
  | { readonly kind: 'edit'; readonly edit: OutsideEdit }

/** A page of what became of a token, the last first: so many are newer than this page, and so many there are in all. */
export type Past = { readonly entries: readonly PastEntry[]; readonly skipped: number; readonly total: number }

/** At most `size` entries: those next before or after an entry, by its place in the log, or those behind the newest so many. */
export type PastFrom = { readonly before: number } | { readonly after: number } | { readonly skip: number }
export type PastWanted = { readonly size: number } & PastFrom

/** What an open form was drawn from, and what it says so far. */
export type Draft = {
  readonly id: string
  readonly person: string
  readonly stack: string
  readonly tokenUid: string
  readonly before: Settings
  /** What the form says, as `slack/` wrote it down; opaque here. */
  readonly form: unknown
  /** Counts how often the form was redrawn from a newer look. */
  readonly generation: number
  /** The open change that the form edits, as the person saw it; null when the form asks for a new one. */
  readonly change: { readonly id: number; readonly revision: number } | null
  /** What the form was opened to undo; null when it was not. */
  readonly reverts: Reverts | null
}

/**
 * Changes and their audit log. Every write is one event, kept with the state it leads to in one transaction on disk.
 * Throws Refusal `not_found` for a change that is not there.
 */
export type Store = {
  /** Opens a change, once for each `origin`: a second call with the same origin returns the first change. */
  open(event: Proposed, actor: string, origin: string): Promise<Change>
  /** Decides on the stored change and writes the event it returns; null writes nothing. Resolves to the change as it then is. */
  record(id: number, actor: string, decide: (change: Change) => ChangeEvent | null): Promise<Change>
  note(fact: Fact, actor: string, changeId: number | null): Promise<void>
  get(id: number): Promise<StoredChange>
  /** Changes that still call for something at `now` (an ISO instant): an apply, a settlement, a card, a word to the requester. */
  unfinished(now: string): Promise<readonly number[]>
  /** Changes that have not ended, of one token or of all, the newest first. */
  openChanges(of?: TokenRef): Promise<readonly StoredChange[]>
  /** Whether any change waits for approvals. */
  anythingPending(): Promise<boolean>
  past(of: TokenRef, wanted: PastWanted): Promise<Past>
  /** An edit made elsewhere, by its number; null when there is none. */
  outsideEdit(edit: number): Promise<OutsideEdit | null>
  events(id?: number): Promise<readonly AuditEvent[]>
  /** The log as it is now, to be kept where nobody who can write the database can change it. */
  checkpoint(): Promise<Checkpoint>

  /**
   * Says that the caller posts a card until `until` (an ISO instant), `instead` of the one it knows. Resolves to false when
   * another card stands by now, and while somebody else may still be posting one.
   */
  cardIsBeingPosted(id: number, posting: { until: string; instead: CardRef | null }): Promise<boolean>
  /** The post is over, and nobody knows whether it arrived: whoever comes next may look for the card, or post it. */
  cardIsInDoubt(id: number): Promise<void>
  cardStands(id: number, card: CardRef & { seq: number }): Promise<void>
  wasTold(id: number, status: string): Promise<void>

  /**
   * Keeps what a look found, which began at `began` (an ISO instant). A token whose settings are others than before, though no
   * change made them so, is noted in the log as edited elsewhere. What was found by a look that began before the one that is
   * remembered was over may be older, and is left out.
   */
  rememberTokens(stack: string, tokens: readonly Token[], began: string): Promise<void>
  rememberToken(token: Token, began: string): Promise<void>
  knownTokens(): Promise<readonly Token[]>
  rememberFacts(stack: string, facts: StackFacts): Promise<void>
  knownFacts(stack: string): Promise<StackFacts | null>

  saveDraft(draft: Draft, at: string): Promise<void>
  draft(id: string): Promise<Draft | null>
  /** Forgets drafts last saved before `at`. */
  forgetDrafts(at: string): Promise<void>

  /** Writes to the disk what leaves no trace, and throws when that fails. */
  tryToWrite(): Promise<void>
  close(): void
}

/** Who people are, live. Both throw when Slack can't be asked: nobody is taken for somebody. */
export type People = {
  /** Why this person may do nothing here, as a clause ("guests may not use Countersign"); null for a full member. */
  obstacle(person: string): Promise<string | null>
  /** The people of a user group; nobody when it is disabled, empty or not there. */
  members(group: string): Promise<readonly string[]>
}

/** Where people see a change. Everything shown is drawn from the stored change that is handed in. */
export type Chat = {
  postCard(stored: StoredChange): Promise<CardRef>
  /** A card that was posted for this change but not noted down, when Slack lets the app look for one. */
  findCard(stored: StoredChange): Promise<CardRef | null>
  /** Resolves to false when that card can no longer be edited, so that a new one is needed. */
  updateCard(card: CardRef, stored: StoredChange): Promise<boolean>
  /** A private word to the requester about where the change stands. */
  tellRequester(stored: StoredChange): Promise<void>
  /** Reminds, in the card's thread, those who can decide. */
  remind(stored: StoredChange): Promise<void>
  /** A private word to somebody whose approval counts no more. */
  tellApprovalVoid(person: string, stored: StoredChange): Promise<void>
}
