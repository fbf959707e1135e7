import { randomUUID } from 'node:crypto'
import type { App } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { check, type FieldErrors } from '../domain/check.ts'
import { same } from '../domain/diff.ts'
import type { Policy } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Settings, StackFacts, Token } from '../domain/token.ts'
import type { Draft, Store } from '../ports.ts'
import type { CatchUp } from '../workflow/catch-up.ts'
import type { Changes } from '../workflow/changes.ts'
import type { Looks } from '../workflow/looks.ts'
import { slackErrorName } from './errors.ts'
import { formView } from './views/form.ts'
import { fieldErrors, readForm } from './views/form-blocks.ts'
import { type FormErrors, type FormState, formState, formStateOf, settingsOf } from './views/form-state.ts'
import { modals, redrawingActions } from './views/ids.ts'
import { refusalView } from './views/modals.ts'
import { previewView } from './views/preview.ts'

type Deps = {
  bolt: App
  store: Store
  looks: Looks
  changes: Changes
  catchUp: CatchUp
  policyFor: (stack: string) => Policy
  now: () => Date
}

type Asked = { draft: Draft; form: FormState; facts: StackFacts }

/** From the form to the proposal: draw it, redraw it as it is filled in, read it, preview it, propose. */
export function registerEditToken({ bolt, store, looks, changes, catchUp, policyFor, now }: Deps) {
  bolt.action({ type: 'block_actions', action_id: anyOf(redrawingActions) }, async ({ ack, body, client }) => {
    const { view } = body
    if (!view) return ack()
    const asked = await remember(await openDraft(view.private_metadata, body.user.id), view.state.values)
    await ack()
    await redraw(client, { id: view.id, hash: view.hash }, asked)
  })

  bolt.view(modals.editForm, async ({ ack, body, view }) => {
    const asked = await remember(await openDraft(view.private_metadata, body.user.id), view.state.values)
    const read = readAsked(asked)
    if ('errors' in read) return ack({ response_action: 'errors', errors: fieldErrors(read.errors, view.state.values) })
    await ack({ response_action: 'push', view: preview(asked, read.settings) })
  })

  bolt.view(modals.preview, async ({ ack, body, view }) => {
    const { draft, form, facts } = await askedBy(await openDraft(view.private_metadata, body.user.id))
    const read = readAsked({ draft, form, facts })
    if ('errors' in read)
      throw new Refusal(
        'invalid',
        `This can no longer be sent: ${Object.values(read.errors).join(' ')} Go back and edit it.`,
      )
    const { stack, tokenUid, before } = draft
    const proposal = {
      stack,
      tokenUid,
      before,
      after: read.settings,
      requester: body.user.id,
      reason: form.reason.trim(),
    }
    const change = await changes.propose(proposal, `draft:${draft.id}`)
    await ack({ response_action: 'clear' })
    catchUp.soon(change.id)
  })

  return { formFor, refreshForm }

  /** A form prefilled from the last look. Everything that it needs later is kept under its draft. */
  async function formFor(token: Token, person: string): Promise<{ view: ModalView; draft: Draft }> {
    const facts = await looks.facts(token.stack)
    const form = formStateOf(token.settings)
    const { stack, uid: tokenUid, settings: before } = token
    const draft: Draft = { id: randomUUID(), person, stack, tokenUid, before, form, generation: 1 }
    await store.saveDraft(draft, now().toISOString())
    return { view: formView({ draft, form, facts }), draft }
  }

  /**
   * Looks at the token again behind a form that was opened from an earlier look: redraws the form if the token has moved,
   * and says so in its place if the token has gone.
   */
  async function refreshForm(client: WebClient, viewId: string, opened: Draft): Promise<void> {
    const live = await looks.token(opened.stack, opened.tokenUid).catch(unlessGone)
    if (live instanceof Refusal) {
      await client.views.update({ view_id: viewId, view: refusalView(live.message) })
      return
    }
    const draft = await store.draft(opened.id)
    const touched = !draft || JSON.stringify(draft.form) !== JSON.stringify(opened.form)
    if (touched || same(live.settings, opened.before)) return
    const form = formStateOf(live.settings)
    const fresh = { ...draft, before: live.settings, form, generation: draft.generation + 1 }
    await store.saveDraft(fresh, now().toISOString())
    const facts = await looks.facts(opened.stack)
    const notice = 'This token was changed in Contentstack since it was last looked at. The form shows it as it is now.'
    await client.views.update({ view_id: viewId, view: formView({ draft: fresh, form, facts, notice }) })
  }

  async function openDraft(id: string, person: string): Promise<Draft> {
    const draft = await store.draft(id)
    if (!draft || draft.person !== person)
      throw new Refusal(
        'not_found',
        'This form is too old to be sent. Nothing was sent; open it again with /token edit.',
      )
    return draft
  }

  async function remember(draft: Draft, values: unknown): Promise<Asked> {
    const form = readForm(values, formState.parse(draft.form))
    await store.saveDraft({ ...draft, form }, now().toISOString())
    return askedBy({ ...draft, form })
  }

  async function askedBy(draft: Draft): Promise<Asked> {
    return { draft, form: formState.parse(draft.form), facts: await looks.facts(draft.stack) }
  }

  function readAsked({ draft: { before }, form, facts }: Asked): { settings: Settings } | { errors: FormErrors } {
    const read = settingsOf(form, before)
    if ('errors' in read) return read
    const errors = asFormErrors(check({ before, after: read.settings, reason: form.reason, facts, now: now() }))
    if (Object.keys(errors).length > 0) return { errors }
    if (same(before, read.settings))
      return {
        errors: { reason: 'Nothing would change: the token is already as this form says. Change a field first.' },
      }
    return read
  }

  function preview({ draft, form, facts }: Asked, after: Settings): ModalView {
    const policy = policyFor(draft.stack)
    return previewView({ draft, after, reason: form.reason.trim(), policy, stackTitle: facts.title })
  }

  /** When two choices follow each other quickly, the second is drawn from what both have left in the draft. */
  async function redraw(client: WebClient, seen: { id: string; hash: string }, asked: Asked): Promise<void> {
    try {
      await client.views.update({ view_id: seen.id, hash: seen.hash, view: formView(asked) })
    } catch (error) {
      if (slackErrorName(error) !== 'hash_conflict') throw error
      const newest = await store.draft(asked.draft.id)
      await client.views.update({ view_id: seen.id, view: formView(await askedBy(newest ?? asked.draft)) })
    }
  }
}

export type EditToken = ReturnType<typeof registerEditToken>

function unlessGone(error: unknown): Refusal {
  if (error instanceof Refusal && error.code === 'not_found') return error
  throw error
}

function asFormErrors({ permissions, expiresOn, ...others }: FieldErrors): FormErrors {
  return { ...others, ...(permissions && { whole: permissions }), ...(expiresOn && { date: expiresOn }) }
}

function anyOf(ids: readonly string[]): RegExp {
  return new RegExp(`^(?:${ids.join('|')})$`)
}
