import type { App } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { type Ask, sameAsk } from '../../domain/change/ask.ts'
import { amendersWith, type Change } from '../../domain/change/change.ts'
import type { Edit } from '../../domain/change/edit.ts'
import { inWords } from '../../domain/change/status.ts'
import type { Refusing } from '../../domain/policy/always-refused.ts'
import { Refusal } from '../../domain/refusal.ts'
import { isBlank } from '../../domain/text.ts'
import { errorsInWords } from '../../domain/token/check.ts'
import type { Settings, Token } from '../../domain/token/token.ts'
import type { ChangeReads } from '../../ports/changes.ts'
import type { Draft, DraftStore } from '../../ports/drafts.ts'
import type { LogReads } from '../../ports/log.ts'
import type { Changes } from '../../workflow/changes/changes.ts'
import type { StillNamed } from '../../workflow/changes/still-named.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { CatchUp } from '../../workflow/rounds/catch-up.ts'
import type { Routes } from '../edge/routes.ts'
import { actions, type Begun, modals } from '../kit/ids.ts'
import { inTime } from '../link/in-time.ts'
import { createEditForm, type SaidEdit, type Undone } from './edit-form.ts'
import { formView, quotesOthers } from './form.ts'
import { askOf } from './form-asks.ts'
import { fieldErrors, partsIn } from './form-blocks.ts'
import { type Asked, createFormDrafts } from './form-drafts.ts'
import { registerFormPresses } from './form-presses.ts'
import { registerNameTypeAhead } from './name-type-ahead.ts'
import { closedWrong, withWrong } from './open-groups.ts'
import { createPreviews, digestOf } from './previews.ts'

type Deps = {
  bolt: Pick<App, 'options'>
  routes: Routes
  store: ChangeReads & DraftStore & LogReads
  looks: Looks
  changes: Changes
  catchUp: CatchUp
  stillNamed: Pick<StillNamed, 'rulesHere'>
  teamUrl: string
  now: () => Date
}

/**
 * From the form to the proposal: draws it, redraws it as it is filled in, reads and previews it, proposes or amends.
 */
export function registerEditToken({ bolt, routes, store, looks, changes, catchUp, stillNamed, now, ...rest }: Deps) {
  const drafts = createFormDrafts({ store, looks, now, refusing })
  const form = createEditForm({ store, looks, drafts, now })
  const previews = createPreviews({ store, looks, changes, stillNamed, now, ...rest })
  registerFormPresses({ routes, drafts, form })
  registerNameTypeAhead({ bolt, store, drafts })

  routes.pressed(actions.editInForm, async ({ ack, body, client }) => {
    const { view } = body
    if (!view) return ack()
    const asked = await drafts.askedBy(await drafts.openDraft(shownIn(view).id, body.user.id))
    await ack()
    await form.redraw(client, { id: view.id, hash: view.hash }, asked)
  })

  routes.submitted(modals.editForm, async ({ ack, body, view, client }) => {
    const { private_metadata: id, state } = view
    const asked = await drafts.remember(id, body.user.id, state.values)
    const read = askOf(asked, now())
    const isBehind = asked.dropped !== undefined || quotesOthers(view, 'errors' in read ? read.errors : {})
    if (!('errors' in read)) {
      await ack({ response_action: 'push', view: await previewOf(asked, read.ask) })
      if (isBehind) await form.redraw(client, { id: view.id, hash: undefined }, asked)
      return
    }
    const wrong = closedWrong(read.errors, asked, partsIn(state.values))
    if (wrong.length === 0 && !isBehind)
      return ack({ response_action: 'errors', errors: fieldErrors(read.errors, state.values) })
    const open = withWrong(read.errors, asked)
    const shown = await drafts.alter({ id, person: body.user.id, values: state.values }, () => ({ open }))
    await ack({ response_action: 'update', view: formView({ ...shown, errors: read.errors }) })
  })

  routes.submitted(modals.preview, async ({ ack, body, view }) => {
    const shown = shownIn(view)
    const asked = await drafts.askedBy(await drafts.openDraft(shown.id, body.user.id))
    const read = askOf(asked, now())
    if ('errors' in read)
      throw new Refusal('invalid', `This can no longer be sent: ${errorsInWords(read.errors)} Go back and edit it.`)
    if (digestOf(asked) !== shown.digest) {
      await requireSentOnce(originOf(asked), read.ask)
      throw new Refusal('wrong_status', otherThanShown)
    }
    await looks.requireReadable(asked.draft.tokenUid)
    const change = await send(asked.draft, read.ask)
    await ack({ response_action: 'clear' })
    catchUp.soon(change.id)
  })

  const { formForChange, refreshForm } = form
  const { whyNotOpen } = changes
  const { ofRebase } = previews
  return { formFor, formForChange, formForRevert, ofRebase, refreshForm, viewForEdit, whyNotOpen }

  /** Throws a Refusal for a token that nobody may change or that can't be read, like the other two. */
  async function formFor(token: Token, person: string, begun: Begun | null = null) {
    await mayOpen({ token }, person)
    return form.formFor(token, person, begun)
  }

  async function formForRevert(token: Token, undone: Undone, person: string) {
    await mayOpen({ token, after: undone.earlier }, person)
    return form.formForRevert(token, undone, person)
  }

  /**
   * The preview of an edit that was asked for in one line, with no form behind it; the form if the reason is missing.
   */
  async function viewForEdit(token: Token, person: string, edit: SaidEdit): Promise<ModalView> {
    await mayOpen({ token, after: edit.ask.after }, person)
    const { view, asked } = await form.formForEdit(token, person, edit)
    if (isBlank(edit.ask.reason)) return view
    const read = askOf(asked, now())
    if ('errors' in read) throw new Refusal('invalid', errorsInWords(read.errors))
    const { notice } = asked
    return previews.ofForm(asked, read.ask, { understood: edit.understood, ...(notice !== undefined && { notice }) })
  }

  /** The preview of a form says how old its token is, if the stack can't be looked at. */
  function previewOf(asked: Asked, ask: Ask): Promise<ModalView> {
    const said = [drafts.unseenOf(asked.draft.stack), asked.dropped].filter((one) => typeof one === 'string')
    return previews.ofForm(asked, ask, said.length === 0 ? {} : { notice: said.join(' ') })
  }

  async function mayOpen(opening: { token: Token; after?: Settings }, person: string): Promise<void> {
    await looks.requireReadable(opening.token.uid)
    await changes.mayOpen(opening, person)
  }

  /** If the form edits a change, the policy has to allow it to each of those who ask for that, its editor included. */
  async function refusing({ stack, tokenUid, before, person, change }: Draft): Promise<Refusing> {
    const open = change && (await store.get(change.id)).change
    const askers = open === null ? [person] : [open.requester, ...amendersWith(open, person)]
    const each = askers.map((requester) => changes.refusing({ stack, tokenUid, before, requester }))
    const found = await inTime(Promise.all(each), 'Slack').catch(() => [])
    return (choice) => found.map((refuses) => refuses(choice)).find((why) => why !== null) ?? null
  }

  async function send(draft: Draft, ask: Ask): Promise<Change> {
    const { stack, tokenUid, before, person } = draft
    if (draft.change) return changes.amend({ ...draft.change, by: person }, ask)
    const origin = originOf({ draft })
    const wasSent = await requireSentOnce(origin, ask)
    if (!wasSent) await requireNew({ stack, tokenUid, before, requester: person, after: ask.after })
    return changes.propose({ stack, tokenUid, before, requester: person, ...ask }, origin)
  }

  /** Another form may have asked for the same since the preview was shown. */
  async function requireNew(edit: Edit): Promise<void> {
    const own = await changes.alreadyAsked(edit)
    if (own === null) return
    const { id } = own.change
    throw new Refusal(
      'no_changes',
      `You already ask for this in change #${id}, which ${inWords(own.change)}. Nothing was sent: open it with /token ${id}.`,
    )
  }

  /**
   * Resolves to false if it was not sent yet. A form stays open if Slack never learned that it was sent; sent again, it
   * may ask for something else.
   */
  async function requireSentOnce(origin: string, sent: Ask): Promise<boolean> {
    const before = await store.openedFrom(origin)
    if (!before) return false
    const { id } = before.change
    const [first] = await store.events(id)
    const known = first?.event.type === 'proposed' ? first.event : before.change
    if (sameAsk(known, sent)) return true
    throw new Refusal(
      'wrong_status',
      `This form was sent before, as change #${id}, which asks for something else. Nothing was sent now: press Edit… on the card of change #${id}, or ask again with /token edit.`,
    )
  }
}

const otherThanShown =
  'This form now asks for something other than what was shown here. Nothing was sent. Go back and check it again, or start again with /token edit.'

function originOf({ draft }: Pick<Asked, 'draft'>): string {
  return `draft:${draft.id}`
}

/** The draft that a preview shows, and the digest of what it shows; Slack keeps both. */
function shownIn({ private_metadata: shown }: { private_metadata: string }): {
  id: string
  digest: string | undefined
} {
  const [id = '', digest] = shown.split(' ')
  return { id, digest }
}

export type EditToken = ReturnType<typeof registerEditToken>
