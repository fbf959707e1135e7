import type { Doubt } from './domain/audit/borne-out.ts'
import type { Checkpoint } from './domain/audit/chain.ts'
import type { Fact, Refused } from './domain/audit/fact.ts'
import type { KeyNeeded } from './domain/audit/missing-keys.ts'
import type { Change, ChangeEvent, Proposed } from './domain/change/change.ts'
import type { Reverts } from './domain/change/reverts.ts'
import type { Answer } from './domain/change/write.ts'
import type { IsToldSince } from './domain/looks/moved-by.ts'
import type { AccessRefused } from './domain/refusal.ts'
import type { Waiting } from './domain/room.ts'
import type { Stretch, Wanted } from './domain/stretch.ts'
import type { LastEdit, Settings, StackFacts, Token } from './domain/token/token.ts'
import type { Unreadable } from './domain/token/unreadable.ts'

/** A token as the stack has it now. `raw` is the stack's own answer, opaque here: it goes back with the update. */
export type LiveToken = Token & { readonly raw: unknown }

/** A token that its stack has no more, and when that was noted (an ISO instant). */
export type GoneToken = Token & { readonly goneAt: string }

/**
 * What the stack answered to a write, as it is recorded; `edited` is what the answer says of who edited the token, and when,
 * where it shows the token as it was stored. `barred`: the stack does not let the app in any more, for whoever runs it.
 */
export type WriteAnswer = Answer & { readonly edited?: LastEdit; readonly barred?: AccessRefused }

/** What came of a look at several tokens, or at one. */
type Remembered = {
  /** Those that are not older than what is known. */
  readonly believed: readonly Token[]
  /** Known tokens that a list lacks: each has to be looked at by itself. */
  readonly missing: readonly string[]
}

/** `first`: before the looks that only show something. For a look that an approved change waits for. */
export type Urgency = { readonly first?: boolean }

/** One Contentstack stack whose tokens are governed. Reads throw a Refusal when the stack says no, and an Error in an outage. */
export type StackApi = {
  tokens(wanted?: Urgency): Promise<readonly Token[]>
  /** What the last list had that could not be read; left out by a stack whose every token can. */
  unreadable?(): readonly Unreadable[]
  /** Throws a Refusal `not_found` only when the stack itself says that it has no such token, and its list lacks it too. */
  token(uid: string, wanted?: Urgency): Promise<LiveToken>
  facts(): Promise<StackFacts>
  /** Sends `after` over `live` once, before the looks that wait, and never throws: whatever came of it is in the answer. */
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

/** The places that hold it, or all that there are. */
type Anchored = readonly string[] | 'everywhere'

/** A checkpoint as it is kept outside the database, and after which change; null when it was only time for one. */
export type Anchor = Checkpoint & { readonly at: string; readonly change: number | null }
export type AnchorAfterChange = Anchor & { readonly change: number }

/** Somewhere outside the database. `keep` rejects when it could not, and does no harm when it is called again. */
export type AnchorPlace = { readonly name: string; keep(anchor: Anchor): Promise<void> }

/** An approval that no longer counts, which whoever gave it is to be told of. `why` is null when the change was revised since. */
export type VoidApproval = { readonly person: string; readonly approvedAt: string; readonly why: string | null }

/** What a revision asks for that others who ask for the change are told of, and what the one before it asked for. */
export type Edited = {
  readonly type: 'amended' | 'taken_over'
  readonly by: string
  /** Those in whose place somebody asks for it now. */
  readonly from: readonly string[]
  readonly was: Pick<Change, 'after' | 'reason'>
  readonly is: Pick<Change, 'after' | 'reason'>
}

/** Which token, of which stack. */
export type TokenRef = { readonly stack: string; readonly tokenUid: string }

type Noted<T extends Fact['type']> = { readonly seq: number; readonly at: string } & {
  readonly fact: Extract<Fact, { type: T }>
}
export type OutsideEdit = Noted<'outside_edit'>

/** What there is to be seen besides open changes. */
export type Overview = {
  /** Changes that have ended, the last to end first. */
  readonly ended: Stretch<StoredChange>
  /** Tokens as last seen that expire on one of the days asked for, the first to expire first. */
  readonly expiring: Stretch<Token>
  /** Edits made elsewhere that nobody has looked at yet, the newest first. */
  readonly outsideEdits: Stretch<OutsideEdit>
  /** The last verification of the log, if there ever was one. */
  readonly verified: Noted<'log_verified'> | null
}
export type OverviewWanted = {
  readonly ended: Wanted
  /** `from` and `to` are days (yyyy-MM-dd), both included; of all stacks where none are named. */
  readonly expiring: Wanted & { readonly from: string; readonly to: string; readonly stacks?: readonly string[] }
  readonly outsideEdits: Wanted
}

/** The App Home that a person has before them: the page that each list in it is turned to, and a digest of what it says. */
export type ShownHome = {
  readonly person: string
  readonly pages: Readonly<Record<string, number>>
  readonly digest: string
  readonly openedAt: string
}

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
  /** How often each part of the form was drawn afresh, since the token had moved there; a part that never was is missing. */
  readonly afresh: Readonly<Record<string, number>>
  /** The open change that the form edits, as the person saw it; null when the form asks for a new one. */
  readonly change: { readonly id: number; readonly revision: number } | null
  /** What the form was opened to undo; null when it was not. */
  readonly reverts: Reverts | null
}

/**
 * `beside`: the other changes of the same token that have not ended; `recent`: those that ended of late, the newest first. Both
 * as they are in that same moment. `isToldSince`: see `moved-by.ts`.
 */
export type Decision = (
  change: Change,
  beside: () => readonly Change[],
  recent: () => readonly Change[],
  isToldSince: IsToldSince,
) => ChangeEvent | null

/** The change as it then is, and what was written of it; null where nothing was. */
type Recorded = { readonly change: Change; readonly event: ChangeEvent | null }

type Admit = (waiting: Waiting) => void

/** Who asks for something, and who types it in for them, where somebody does. */
export type Asker = { readonly requester: string; readonly enteredBy?: string | undefined }

/**
 * Changes and their audit log. Every write is one event, kept with the state it leads to in one transaction on disk.
 * Throws Refusal `not_found` for a change that is not there.
 */
export type Store = {
  /**
   * Opens a change, once for each `origin`: a second call with the same origin returns the first change. `admit` is told what
   * waits already, in the moment that it is opened, and may throw.
   */
  open(event: Proposed, actor: string, origin: string, admit?: Admit): Promise<Change>
  /** What there is already of whoever asks, and of this token. */
  waiting(of: TokenRef & Asker): Promise<Waiting>
  /**
   * Decides on the stored change and writes the event it returns; null writes nothing. `admit`: as for `open`, of the actor.
   */
  record(id: number, actor: string, decide: Decision, admit?: Admit): Promise<Recorded>
  note(fact: Fact, actor: string, changeId: number | null): Promise<void>
  /**
   * Notes a refusal at once, unless the same was noted for the same person within the last ten minutes: then it is counted,
   * and `sumUpRefusals` notes in one entry how many there were.
   */
  noteRefusal(refused: Refused, actor: string, changeId: number | null): Promise<void>
  /** Notes how often refusals were met again whose ten minutes are over. */
  sumUpRefusals(): Promise<void>
  /** Facts about no change, in this order: all of them, or none. */
  noteAll(facts: readonly Fact[], actor: string): Promise<void>
  /** Why the log does not bear out this change as it is stored; null when it does. Hashes the log since it was asked for, as far as it is not known. */
  doubt(change: Change): Promise<Doubt | null>
  /** Keys that are not at hand, and that the log was written with since changes were asked for that are open. */
  keysLacking(): Promise<readonly KeyNeeded[]>
  get(id: number): Promise<StoredChange>
  /**
   * Changes that still call for something: a card, a word, an anchor, an end that is due; and all that are on the way to their
   * stack, whether the next step is due or not. `isDue` is asked of each that is open, since a clock may have been set; without
   * it, what is due at `now` (an ISO instant) is.
   */
  unfinished(now: string, isDue?: (change: Change) => boolean): Promise<readonly number[]>
  /** Changes that have not ended, of one token or of all, the newest first. */
  openChanges(of?: TokenRef): Promise<readonly StoredChange[]>
  /** The same of all tokens, those with a lower number than `id`, at most `most`: for going through however many there are. */
  openChangesBefore(id: number, most: number): Promise<readonly StoredChange[]>
  /** The newest changes, ended or not, of one token or of all: at most `most`. */
  changes(wanted: { of?: TokenRef; most: number }): Promise<readonly StoredChange[]>
  /** The change that was opened from this origin; null when none was. */
  openedFrom(origin: string): Promise<StoredChange | null>
  /** Whether any change waits for approvals, or to be applied. */
  anythingWaiting(): Promise<boolean>
  /** Changes, ended or not, of which an update may still be seen to arrive after `now` (an ISO instant). */
  watched(now: string): Promise<readonly Change[]>
  overview(wanted: OverviewWanted): Promise<Overview>
  /** An edit made elsewhere, by its number, and whether somebody has looked at it; null when there is none. */
  outsideEdit(edit: number): Promise<(OutsideEdit & { readonly seen: boolean }) | null>
  past(of: TokenRef, wanted: PastWanted): Promise<Past>
  /** The newest fact of this type in the log. */
  lastFact<T extends Fact['type']>(type: T): Promise<Extract<Fact, { type: T }> | null>
  /** When it was last said that a backup was put back; null when that is long ago, or never was. */
  putBackAt(): Promise<string | null>
  events(id?: number): Promise<readonly AuditEvent[]>
  /** The log as it is now, to be kept where nobody who can write the database can change it. */
  checkpoint(): Promise<Checkpoint>
  /** Whether the log has more than its first `size` entries, but for those that say where it is anchored. */
  hasGrownSince(size: number): Promise<boolean>

  /**
   * Says that the caller posts a card until `until` (an ISO instant), `instead` of the one it knows. Resolves to false when
   * another card stands by now, and while somebody else may still be posting one.
   */
  cardIsBeingPosted(id: number, posting: { until: string; instead: CardRef | null }): Promise<boolean>
  /** The post is over, and nobody knows whether it arrived: whoever comes next may look for the card, or post it. */
  cardIsInDoubt(id: number): Promise<void>
  /** The post is over, and neither it nor one before it arrived: there is nothing to look for. */
  cardWasNotTaken(id: number): Promise<void>
  /** One that stood in another channel is left there from now on. */
  cardStands(id: number, card: CardRef & { seq: number }): Promise<void>
  /** The cards of this change that were left in other channels, and do not say yet where its card is now. */
  cardsLeft(id: number): Promise<readonly CardRef[]>
  /** That card says so now, or never will. */
  cardPointsOn(id: number, card: CardRef): Promise<void>
  /** `card` shows by now what the change was at `seq`; if it fell behind meanwhile, or another drew something else, it is behind. */
  cardWasDrawn(id: number, card: CardRef & { seq: number }, seq: number): Promise<void>
  /** What it shows of other changes is not so any more. */
  cardFellBehind(id: number): Promise<void>
  /** Where outside the database a checkpoint from after the end of a change is kept, by name. */
  anchors(id: number): Promise<Anchored>
  wasAnchored(id: number, where: Anchored): Promise<void>

  /**
   * Says that the caller tells the requester, and whoever else has to know, `news` until `until` (an ISO instant). Resolves to false when they know it, and
   * while somebody else may still be telling them.
   */
  requesterIsBeingTold(id: number, telling: { until: string; news: string }): Promise<boolean>
  /** Nobody tells them any more: they know `news`, or with null no more than before. */
  requesterWasTold(id: number, news: string | null): Promise<void>
  /** Approvals that count no more, of which those who gave them don't know yet. */
  untoldVoidApprovals(id: number): Promise<readonly VoidApproval[]>
  /** As for the requester: false when this person knows of it, and while somebody else may still be telling them. */
  approverIsBeingTold(id: number, telling: { until: string; of: VoidApproval }): Promise<boolean>
  approverWasTold(id: number, of: VoidApproval): Promise<void>
  approverWasNotTold(id: number, of: VoidApproval): Promise<void>

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
  /** As last seen; without those that are gone. */
  knownTokens(): Promise<readonly Token[]>
  knownToken(of: TokenRef): Promise<Token | null>
  /** When a look of any process last showed it, gone or not: an ISO instant; null for one that is not known. */
  lastSeen(of: TokenRef): Promise<string | null>
  /** Those that are gone, as they were last seen; the very same list until a token is another. */
  goneTokens(): Promise<readonly GoneToken[]>
  rememberFacts(stack: string, facts: StackFacts): Promise<void>
  knownFacts(stack: string): Promise<StackFacts | null>

  /** For a form that is just being opened. Should the machine's power fail, it may be gone, but is never another. */
  startDraft(draft: Draft, at: string): Promise<void>
  saveDraft(draft: Draft, at: string): Promise<void>
  draft(id: string): Promise<Draft | null>
  /** Forgets drafts last saved before `at`, and of each person all but the newest hundred. */
  forgetDrafts(at: string): Promise<void>

  /** Home is now shown as this says, instead of as before. */
  homeIsShown(home: ShownHome): Promise<void>
  home(person: string): Promise<ShownHome | null>
  /** Every Home that is known to be shown, the last opened first. */
  homes(): Promise<readonly ShownHome[]>
  forgetHome(person: string): Promise<void>
  /** Forgets those last opened before `at`. */
  forgetHomes(at: string): Promise<void>

  /** Writes to the disk what leaves no trace, and throws when that fails. */
  tryToWrite(): Promise<void>
  /**
   * Puts what was written lately where it belongs, so that no decision has to wait for that. Call it at start, which leaves
   * it for the next time, and now and then.
   */
  tidy(): Promise<void>

  close(): void
}

/** Who people are, live. All throw when Slack can't be asked: nobody is taken for somebody. */
export type People = {
  /** Why this person may do nothing here, as a clause ("guests may not use Countersign"); null for a full member. */
  obstacle(person: string): Promise<string | null>
  /** The people of a user group; nobody when it is disabled, empty or not there. */
  members(group: string): Promise<readonly string[]>
  /** The one id by which a person is compared, of those that Slack knows them by. */
  canonical(person: string): Promise<string>
}

/** Why a card is drawn anew: its own change is another than it shows, unless it is only what it mentions of other changes. */
export type Redrawn = 'moved' | 'mentions'

/**
 * Given a post in the moment that it leaves: after whatever Slack makes it wait for, and again when Slack had too much of it.
 * Resolves to null where nothing is to be posted any more.
 */
export type Leaving<T> = (post: () => Promise<T>) => Promise<T | null>

/** Where people see a change. Everything shown is drawn from the stored change that is handed in. */
export type Chat = {
  postCard(stored: StoredChange, leaving: Leaving<CardRef>): Promise<CardRef | null>
  /** The newest card of this change in its stack's channel, noted down or not, when Slack lets the app look for one. */
  findCard(stored: StoredChange): Promise<CardRef | null>
  /** Resolves to false when that card can no longer be edited, so that a new one is needed. */
  updateCard(card: CardRef, stored: StoredChange, what?: Redrawn): Promise<boolean>
  /** Says in place of this card where the change has its card now. Resolves to false when it can no longer be edited. */
  pointOn(old: CardRef, stored: StoredChange): Promise<boolean>
  /** Says in place of this card that there is no change with this number. Resolves to false when it can no longer be edited. */
  sayUnknown(card: CardRef, id: number): Promise<boolean>
  /** Resolves when Slack answers a question that changes nothing, and throws as any call does when it does not. */
  reached(): Promise<void>
  /** True, and one redraw less, when a card that only mentions other changes may be drawn now: nothing waits that is worth more. */
  hasRoom(): boolean
  /** A private word to the requester about where the change stands. */
  tellRequester(stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
  /** A private word to somebody who asks for a change that another has edited or taken over, and what is different. */
  tellEdited(person: string, edited: Edited, stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
  /** Reminds, in the card's thread, these people and user groups: those who can decide. */
  remind(stored: StoredChange, asked: readonly string[]): Promise<void>
  /** Keeps a checkpoint in the card's thread. Resolves to false when the thread is gone. */
  postAnchor(card: CardRef, anchor: AnchorAfterChange): Promise<boolean>
  /** A private word to somebody whose approval no longer counts, and why. */
  tellApprovalVoid(approval: VoidApproval, stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
}
