import type { WebClient } from '@slack/web-api'
import { sameContent } from '../../domain/canonical.ts'
import type { Ask } from '../../domain/change/ask.ts'
import type { Change } from '../../domain/change/change.ts'
import { revertTo } from '../../domain/change/revert.ts'
import type { Reverts } from '../../domain/change/reverts.ts'
import { NotKnownHere, Refusal } from '../../domain/refusal.ts'
import { check } from '../../domain/token/check.ts'
import { same } from '../../domain/token/diff.ts'
import type { FieldErrors } from '../../domain/token/field.ts'
import { pointing } from '../../domain/token/targets.ts'
import type { Settings, StackFacts, Token } from '../../domain/token/token.ts'
import type { Draft, DraftStore } from '../../ports/drafts.ts'
import type { Piece } from '../../words/pieces.ts'
import { reasonStart } from '../../words/reverts.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { passOverClosed, slackErrorName } from '../calls/errors.ts'
import { updateModal } from '../calls/views.ts'
import { draftId } from '../kit/draft-id.ts'
import { refusalView } from '../kit/modal.ts'
import { inTime } from '../link/in-time.ts'
import { formView } from './form.ts'
import { readForm } from './form-blocks.ts'
import type { Opened } from './form-parts.ts'
import { type FormErrors, type FormState, formState, formStateOf, movedParts, settingsOf } from './form-state.ts'
import { revertNotice } from './revert-notice.ts'

type Deps = { store: DraftStore; looks: Looks; now: () => Date }

/** An open form and what it asks for. */
export type Asked = { readonly draft: Draft; readonly form: FormState; readonly facts: StackFacts }

/** An edit asked for in one line, and how it was understood. */
export type SaidEdit = {
  readonly ask: Ask
  readonly understood: readonly Piece[]
  /** True if the token could not be looked at for it. */
  readonly lastSeen: boolean
}

/** A form between a person and their draft: opened, filled in, redrawn, read. */
export function createEditForm({ store, looks, now }: Deps) {
  return { formFor, formForEdit, formForChange, formForRevert, refreshForm, openDraft, remember, askedBy, read, redraw }

  /** A form prefilled from the last look. Everything it needs later is kept in its draft. */
  function formFor({ stack, uid: tokenUid, settings: before }: Token, person: string) {
    return opened({ person, stack, tokenUid, before, change: null }, formStateOf(before))
  }

  /** The same, filled in with an edit that was asked for elsewhere. */
  function formForEdit({ stack, uid: tokenUid, settings: before }: Token, person: string, edit: SaidEdit) {
    const form = { ...formStateOf(edit.ask.after), reason: edit.ask.reason }
    const unseenNow = edit.lastSeen ? (unseenOf(stack) ?? unseen(null)) : null
    const opening = { person, stack, tokenUid, before, change: null }
    return opened(opening, form, { understood: edit.understood, unseenNow })
  }

  /** A form on an open change, prefilled with its settings. */
  function formForChange({ id, revision, stack, tokenUid, before, after, reason }: Change, person: string) {
    const form = { ...formStateOf(after), reason }
    return opened({ person, stack, tokenUid, before, change: { id, revision } }, form)
  }

  /** A form that asks for the token to be as it was earlier, and says what prevents that. */
  async function formForRevert(
    { stack, uid: tokenUid, settings: before }: Token,
    { reverts, earlier }: Undone,
    person: string,
  ) {
    const form = { ...formStateOf(revertTo(earlier, before)), reason: reasonStart(reverts) }
    const notice = revertNotice({ before, earlier, form, facts: await factsOf(stack), now: now() })
    return opened({ person, stack, tokenUid, before, change: null, reverts }, form, notice === null ? {} : { notice })
  }

  type Opening = Omit<Draft, 'id' | 'form' | 'afresh' | 'reverts'> & { reverts?: Reverts | null }
  type Said = Pick<Opened, 'notice' | 'understood'> & { readonly unseenNow?: string | null }

  async function opened({ reverts = null, ...opening }: Opening, form: FormState, said: Said = {}) {
    const { unseenNow = unseenOf(opening.stack), ...shown } = said
    const facts = await factsOf(opening.stack)
    const draft: Draft = { id: draftId(now()), ...opening, form, afresh: {}, reverts }
    await store.startDraft(draft, now().toISOString())
    const notice = [said.notice, unseenNow].filter(Boolean).join(' ')
    return {
      view: formView({ draft, form, facts, ...shown, ...(notice && { notice }) }),
      notice,
      draft,
      asked: { draft, form, facts },
    }
  }

  /**
   * Looks at the token again behind a form that was opened from an earlier look. If the token has moved, the form is
   * redrawn, and text typed into other fields stays; if the token is gone, that is said in place of the form. A form in
   * which choices were made is left alone.
   */
  async function refreshForm(client: WebClient, viewId: string, opened: Draft): Promise<void> {
    const wasOutOfReach = unseenOf(opened.stack) !== null
    const live = await looks.token(opened.stack, opened.tokenUid, opened.person).catch(async (error: unknown) => {
      const notice = unseenOf(opened.stack)
      if (!wasOutOfReach && notice !== null) await sayUnseen(client, viewId, opened, notice)
      return unlessGone(error)
    })
    if (live instanceof Refusal) {
      await updateModal(client, { view_id: viewId }, refusalView(live.message))
      return
    }
    const draft = await store.draft(opened.id)
    if (!draft || isTouched(draft, opened) || isAsShown(live.settings, opened.before)) return
    const before = live.settings
    const fresh = { ...draft, before, ...(draft.reverts ? {} : asItIsNow(draft, before)) }
    await store.saveDraft(fresh, now().toISOString())
    const facts = await looks.facts(opened.stack)
    const form = formState.parse(fresh.form)
    const notice = draft.reverts ? movedUnderRevert : moved
    await updateModal(client, { view_id: viewId }, formView({ draft: fresh, form, facts, notice }))
  }

  /** Asks Contentstack if they are not known yet. */
  function factsOf(stack: string): Promise<StackFacts> {
    return inTime(looks.facts(stack), 'Contentstack')
  }

  /** The notice for a form if the last look at its stack failed; null if it did not. */
  function unseenOf(stack: string): string | null {
    const look = looks.lastLooks().find((look) => look.stack === stack)
    return look?.failed ? unseen(look.shut?.why ?? null) : null
  }

  /** For a form that was opened before this was known. Here too, one in which choices were made is left alone. */
  async function sayUnseen(client: WebClient, view_id: string, opened: Draft, notice: string): Promise<void> {
    const draft = await store.draft(opened.id)
    if (!draft || draft.reverts !== null || isTouched(draft, opened)) return
    const asked = await askedBy(draft)
    await updateModal(client, { view_id }, formView({ ...asked, notice })).catch(passOverClosed)
  }

  async function openDraft(id: string, person: string): Promise<Draft> {
    const draft = await store.draft(id)
    if (!draft) throw new NotKnownHere('not_found', unknownForm)
    if (draft.person !== person) throw new Refusal('not_found', unknownForm)
    return draft
  }

  async function remember(draft: Draft, values: unknown): Promise<Asked> {
    const form = readForm(values, formState.parse(draft.form))
    await store.saveDraft({ ...draft, form }, now().toISOString())
    return askedBy({ ...draft, form })
  }

  async function askedBy(draft: Draft): Promise<Asked> {
    return { draft, form: formState.parse(draft.form), facts: await factsOf(draft.stack) }
  }

  function read({ draft: { before, reverts }, form, facts }: Asked): { ask: Ask } | { errors: FormErrors } {
    const read = settingsOf(form, before)
    const [after, unread] = 'errors' in read ? [read.unsound, read.errors] : [read.settings, {}]
    const unsound = asFormErrors(check({ before, after, reason: form.reason, facts, now: now() }))
    const errors = { ...unsound, ...unread }
    if (Object.keys(errors).length > 0) return { errors }
    if (reverts !== null && form.reason.trim() === reasonStart(reverts).trim())
      return {
        errors: { reason: 'Say why it should be undone: approvers read it to decide, and it goes into the log.' },
      }
    if (same(before, after))
      return {
        errors: { reason: 'Nothing would change: the token is already as this form says. Change a field first.' },
      }
    return { ask: { after: pointing({ before, after }, facts).after, reason: form.reason.trim(), reverts } }
  }

  /** If two choices follow each other quickly, the second redraw uses what both have left in the draft. */
  async function redraw(client: WebClient, seen: { id: string; hash: string }, asked: Asked): Promise<void> {
    try {
      await updateModal(client, { view_id: seen.id, hash: seen.hash }, formView(asked))
    } catch (error) {
      if (slackErrorName(error) !== 'hash_conflict') return passOverClosed(error)
      const newest = await store.draft(asked.draft.id)
      const view = formView(await askedBy(newest ?? asked.draft))
      await updateModal(client, { view_id: seen.id }, view).catch(passOverClosed)
    }
  }
}

const unknownForm =
  'Countersign does not know this form: it is too old, or another Countersign process with another database opened it. ' +
  'Nothing was sent. Open it again with /token edit. If this happens again, tell whoever runs Countersign.'

/** A field about expiry that came or went changes nothing that the form edits, only whether it can edit the expiry. */
function isAsShown(live: Settings, before: Settings): boolean {
  return same(live, before) && sameContent(live.otherExpiry, before.otherExpiry)
}

/** The thing a revert undoes, and how the token was before. */
export type Undone = { readonly reverts: Reverts; readonly earlier: Settings }

/** `shut`: the reason the stack does not let the app in; null if a later look may work by itself. */
function unseen(shut: string | null): string {
  const what = shut
    ? `Contentstack does not let Countersign in (${shut}): whoever runs Countersign has to fix that`
    : 'Contentstack could not be looked at just now'
  return `${what}. This is the token as it was last seen. You can send it all the same: nothing is written before the token has been looked at again.`
}
const movedMeanwhile = 'This token was changed in Contentstack since it was last looked at.'
const moved = `${movedMeanwhile} The form shows what it has now; what you typed elsewhere is still there.`
/** A revert asks for the same whatever the token is now, so typed text may stay. */
const movedUnderRevert = `${movedMeanwhile} Sending this form undoes that too: the next step shows all that would change.`

/** Inputs for fields that moved get other names, so that Slack does not keep their old text. */
function asItIsNow({ before, afresh }: Draft, live: Settings): Pick<Draft, 'form' | 'afresh'> {
  const form = formStateOf(live)
  const again = movedParts(formStateOf(before), form).map((part) => [part, (afresh[part] ?? 0) + 1])
  return { form, afresh: { ...afresh, ...Object.fromEntries(again) } }
}

function isTouched({ form }: Draft, opened: Draft): boolean {
  return JSON.stringify(form) !== JSON.stringify(opened.form)
}

function unlessGone(error: unknown): Refusal {
  if (error instanceof Refusal && error.code === 'not_found') return error
  throw error
}

function asFormErrors({ permissions, expiresOn, ...others }: FieldErrors): FormErrors {
  return { ...others, ...(permissions && { everything: permissions }), ...(expiresOn && { date: expiresOn }) }
}
