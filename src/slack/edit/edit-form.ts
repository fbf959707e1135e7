import type { WebClient } from '@slack/web-api'
import { sameContent } from '../../domain/canonical.ts'
import type { Ask } from '../../domain/change/ask.ts'
import { askersOf, type Change } from '../../domain/change/change.ts'
import { revertTo } from '../../domain/change/revert.ts'
import type { Reverts } from '../../domain/change/reverts.ts'
import { Refusal } from '../../domain/refusal.ts'
import { same } from '../../domain/token/diff.ts'
import type { Settings, Token } from '../../domain/token/token.ts'
import type { Draft, DraftStore } from '../../ports/drafts.ts'
import type { Piece } from '../../words/pieces.ts'
import { reasonStart } from '../../words/reverts.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { passOverClosed, slackErrorName } from '../calls/errors.ts'
import { type Shown, updateModal } from '../calls/views.ts'
import { draftId } from '../kit/draft-id.ts'
import type { Begun } from '../kit/ids.ts'
import { refusalView } from '../kit/modal.ts'
import { beforeItMoved } from './earlier-views.ts'
import { formView } from './form.ts'
import type { Asked, FormDrafts } from './form-drafts.ts'
import { changedGroups, choiceOf, isGroup } from './form-groups.ts'
import { type FormState, formState, formStateOf, movedParts, withParts } from './form-state.ts'
import { canOpen, thatFit } from './open-groups.ts'
import { revertNotice } from './revert-notice.ts'

type Deps = { store: DraftStore; looks: Looks; drafts: FormDrafts; now: () => Date }

/** An edit asked for in one line, and how it was understood. */
export type SaidEdit = {
  readonly ask: Ask
  readonly understood: readonly Piece[]
  /** True if the token could not be looked at for it. */
  readonly lastSeen: boolean
}

/** A form between a person and their draft: opened, and redrawn. */
export function createEditForm({ store, looks, drafts, now }: Deps) {
  return { formFor, formForEdit, formForChange, formForRevert, refreshForm, redraw }

  /** A form prefilled from the last look. Everything it needs later is kept in its draft. */
  function formFor({ stack, uid: tokenUid, settings: before }: Token, person: string, begun: Begun | null = null) {
    const form = { ...formStateOf(before), reason: begun?.reason ?? '' }
    return opened({ person, stack, tokenUid, before, change: null }, form, { group: begun?.group ?? null })
  }

  /** The same, filled in with an edit that was asked for elsewhere. */
  function formForEdit({ stack, uid: tokenUid, settings: before }: Token, person: string, edit: SaidEdit) {
    const form = { ...formStateOf(edit.ask.after), reason: edit.ask.reason }
    const notice = edit.lastSeen && drafts.unseenOf(stack) === null ? drafts.lastSeenOf(stack) : null
    return opened({ person, stack, tokenUid, before, change: null }, form, { understood: edit.understood, notice })
  }

  /** A form on an open change, prefilled with its settings. Whoever does not ask for it yet gives up deciding on it. */
  function formForChange(change: Change, person: string) {
    const { id, revision, stack, tokenUid, before, after, reason } = change
    const form = { ...formStateOf(after), reason }
    const costsVote = !askersOf(change).includes(person)
    return opened({ person, stack, tokenUid, before, change: { id, revision } }, form, { costsVote })
  }

  /** A form that asks for the token to be as it was earlier, and says what prevents that. */
  async function formForRevert(
    { stack, uid: tokenUid, settings: before }: Token,
    { reverts, earlier }: Undone,
    person: string,
  ) {
    const form = { ...formStateOf(revertTo(earlier, before)), reason: reasonStart(reverts) }
    const notice = revertNotice({ before, earlier, form, facts: await drafts.factsOf(stack), now: now() })
    return opened({ person, stack, tokenUid, before, change: null, reverts }, form, { notice })
  }

  type Opening = Pick<Draft, 'person' | 'stack' | 'tokenUid' | 'before' | 'change'> & { reverts?: Reverts | null }
  type Said = {
    readonly notice?: string | null
    readonly costsVote?: boolean
    readonly understood?: readonly Piece[]
    /** The group that is open from the start. */
    readonly group?: string | null
  }

  async function opened({ reverts = null, ...opening }: Opening, form: FormState, said: Said = {}) {
    const { notice = null, costsVote, understood, group = null } = said
    const blank = { id: draftId(now()), ...opening, form, afresh: {}, reverts }
    const facts = await drafts.factsOf(opening.stack)
    // The first of the groups is the last to go if not all fit.
    const changed = changedGroups(form, opening.before).reverse()
    const drawn = { draft: blank, form, facts, now: now() }
    const wanted = isGroup(group) && canOpen(group, drawn) ? [...changed, group] : changed
    const open = thatFit(wanted, drawn)
    const draft = await drafts.start(blank, { open, notice, ...(costsVote && { costsVote }) })
    const asked = await drafts.askedBy(draft)
    return { view: formView({ ...asked, ...(understood && { understood }) }), draft, asked }
  }

  /**
   * Looks at the token again behind a form that was opened from an earlier look. If the token has moved, the form is
   * redrawn, and what was typed into other fields stays; if the token is gone, that is said in place of the form. A form
   * is left alone if somebody has changed in it what has moved.
   */
  async function refreshForm(client: WebClient, seen: Seen, opened: Draft): Promise<void> {
    const wasOutOfReach = drafts.unseenOf(opened.stack) !== null
    const live = await looks.token(opened.stack, opened.tokenUid, opened.person).catch(async (error: unknown) => {
      if (!wasOutOfReach && drafts.unseenOf(opened.stack) !== null) await sayUnseen(client, seen, opened)
      return unlessGone(error)
    })
    if (live instanceof Refusal) {
      await updateModal(client, { view_id: seen.id }, refusalView(live.message))
      return
    }
    const fresh = await drafts.refresh(opened.id, (draft) =>
      isAsShown(live.settings, opened.before) ? null : asItIsNow(draft, opened, live.settings),
    )
    if (fresh) await redraw(client, seen, fresh)
  }

  /** For a form that was opened before this was known. One that somebody has begun to fill in is left alone. */
  async function sayUnseen(client: WebClient, seen: Seen, opened: Draft): Promise<void> {
    const draft = await store.draft(opened.id)
    if (draft && !isTouched(draft, opened)) await redraw(client, seen, await drafts.askedBy(draft))
  }

  /** If two presses follow each other quickly, the second redraw uses what both have left in the draft. */
  async function redraw(client: WebClient, seen: Seen, asked: Asked): Promise<void> {
    try {
      await updateModal(client, { view_id: seen.id, hash: seen.hash }, formView(asked))
    } catch (error) {
      if (slackErrorName(error) !== 'hash_conflict') return passOverClosed(error)
      const newest = await store.draft(asked.draft.id)
      const view = formView(await drafts.askedBy(newest ?? asked.draft))
      await updateModal(client, { view_id: seen.id }, view).catch(passOverClosed)
    }
  }
}

/** The modal of a form; its `hash` is not known if the form took another view's place. */
type Seen = Shown

/** A field about expiry that came or went changes nothing that the form edits, only whether it can edit the expiry. */
function isAsShown(live: Settings, before: Settings): boolean {
  return same(live, before) && sameContent(live.otherExpiry, before.otherExpiry)
}

/** The thing a revert undoes, and how the token was before. */
export type Undone = { readonly reverts: Reverts; readonly earlier: Settings }

const movedMeanwhile = 'This token was changed in Contentstack since it was last looked at.'
const moved = `${movedMeanwhile} The form shows what it has now; what you typed elsewhere is still there.`
/** A revert asks for the same whatever the token is now, so typed text may stay. */
const movedUnderRevert = `${movedMeanwhile} Sending this form undoes that too: the next step shows all that would change.`

/** Inputs for fields that moved get other names, so that Slack does not keep their old text. */
function asItIsNow({ before, afresh, reverts, ...draft }: Draft, opened: Draft, live: Settings) {
  if (reverts) return { before: live, notice: movedUnderRevert }
  const [typed, now] = [formState.parse(draft.form), formStateOf(live)]
  const again = movedParts(formStateOf(before), now)
  const changed = movedParts(formState.parse(opened.form), typed)
  const moves = new Set(again.map(choiceOf))
  if (changed.some((part) => moves.has(choiceOf(part)))) return null
  const counted = again.map((part) => [part, (afresh[part] ?? 0) + 1])
  const form = withParts(typed, now, again)
  const old = beforeItMoved(again, typed, afresh)
  return { before: live, form, afresh: { ...afresh, ...Object.fromEntries(counted) }, notice: moved, old }
}

function isTouched({ form }: Draft, opened: Draft): boolean {
  return JSON.stringify(form) !== JSON.stringify(opened.form)
}

function unlessGone(error: unknown): Refusal {
  if (error instanceof Refusal && error.code === 'not_found') return error
  throw error
}
