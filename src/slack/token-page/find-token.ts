import type { App } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { Refusal } from '../../domain/refusal.ts'
import { type Found, findToken } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { isOfClosed } from '../calls/errors.ts'
import { showIn, type Target, targetOf } from '../calls/target.ts'
import { updateModal } from '../calls/views.ts'
import { pressedValue } from '../edge/press.ts'
import type { Routes } from '../edge/routes.ts'
import type { EditToken } from '../edit/edit-token.ts'
import { actions, type Begun, modals, readBegunValue, shortcuts } from '../kit/ids.ts'
import { refusalView } from '../kit/modal.ts'
import { createGonePast } from '../tokens/gone-past.ts'
import { lookingFor } from '../tokens/listing.ts'
import type { Onward } from '../tokens/near.ts'
import { allOutOfReach, unlistedTitles } from '../tokens/out-of-reach.ts'
import { goneView, loadingView, nearPickerView, pickerView, readPick } from '../tokens/picker.ts'
import { shownLooks } from '../tokens/shown-looks.ts'
import { unreadableNotes } from '../tokens/unreadable-notes.ts'
import type { Waiting } from '../tokens/waiting.ts'
import type { Offers } from '../tokens/ways-to.ts'

type Deps = {
  bolt: App
  routes: Routes
  store: LookReads
  looks: Looks
  editToken: EditToken
  log: { warn: (fields: object, text: string) => void }
}

/** Every way to a token's form: by name, from a list, from a button, from the shortcut. */
export function registerFindToken({ bolt, routes, store, looks, editToken, log }: Deps) {
  const gone = createGonePast({ store, looks })

  bolt.shortcut(shortcuts.editToken, async ({ ack, body, client }) => {
    await ack()
    await openPicker(client, { trigger_id: body.trigger_id })
  })

  routes.pressed(actions.editAToken, async ({ ack, body, client }) => {
    await ack()
    await openPicker(client, targetOf(body))
  })

  routes.pressed(actions.editThisToken, async ({ ack, body, client }) => {
    const { ref, begun } = readBegunValue(pressedValue(body))
    const token = await knownToken(ref)
    await ack()
    await show(client, targetOf(body), { token, person: body.user.id, begun })
  })

  routes.submitted(modals.pickForm, async ({ ack, body, view, client }) => {
    const token = await knownToken(readPick(view.state.values))
    const { view: form, draft } = await editToken.formFor(token, body.user.id)
    await ack({ response_action: 'update', view: form })
    refreshLater(editToken.refreshForm(client, { id: view.id, hash: undefined }, draft))
  })

  return { openByName, openPicker, refreshLater, knownToken, showForm, tellIn }

  /** For a token that was looked at before, Slack gets only one call, with the form. */
  async function openByName(client: WebClient, target: Target, wanted: Wanted): Promise<void> {
    const { found } = wanted
    if (found.kind === 'one') return openAs(client, target, found.token, wanted)
    const loading = loadingView(wanted.offers, lookingFor(wanted.name, await unlistedTitles(looks)))
    const { id: view_id } = await showIn(client, target, loading)
    await openIn(client, view_id, wanted).catch((error: unknown) => tellIn(client, view_id, error))
  }

  /** Replaces the view that says that the token is being looked at. */
  async function openIn(client: WebClient, view_id: string, wanted: Wanted): Promise<void> {
    const { name, person, offers = 'edit' } = wanted
    const isKnown = async () => findToken(await looks.known(), name).kind !== 'near'
    const failures = await looks.refreshAll(person, isKnown)
    const again = findToken(await looks.known(), name)
    if (again.kind === 'one') return openAs(client, { view_id }, again.token, wanted)
    if (again.kind === 'near') await looks.requireReadable(name)
    const said = again.kind === 'near' ? await gone.saidOf(name) : null
    const near = async () =>
      nearPickerView({
        typed: name,
        offers,
        onward: wanted.onward,
        tokens: await looks.titled(again.tokens),
        notes: [...(await allOutOfReach(looks, failures)), ...(await unreadableNotes(looks, name))],
      })
    await updateModal(client, { view_id }, said ? goneView(said.blocks) : await near())
  }

  async function openAs(
    client: WebClient,
    target: Target,
    token: Token,
    { person, open, begun }: Wanted,
  ): Promise<void> {
    await (open ? open(target, token) : show(client, target, { token, person, begun: begun ?? null }))
  }

  /**
   * Otherwise the modal would say for ever that the form is about to open. Somebody who has closed it wants no more
   * messages.
   */
  async function tellIn(client: WebClient, view_id: string, error: unknown): Promise<void> {
    if (isOfClosed(error)) return
    const refused = error instanceof Refusal
    const view = refused ? refusalView(error.message) : refusalView(failed, 'Nothing was opened')
    await updateModal(client, { view_id }, view)
    if (!refused) throw error
  }

  /** `waiting`: the line that goes on with the token. */
  async function openPicker(
    client: WebClient,
    target: Target,
    offers: Offers = 'edit',
    waiting: Waiting | null = null,
  ): Promise<void> {
    await showIn(client, target, pickerView(offers, await shownLooks(looks), waiting))
  }

  type Opening = { token: Token; person: string; begun?: Begun | null }

  async function show(client: WebClient, target: Target, { token, person, begun }: Opening): Promise<void> {
    await showForm(client, target, await editToken.formFor(token, person, begun))
  }

  /** Redrawn behind the reader if the token is no longer as it was last seen. */
  async function showForm(client: WebClient, target: Target, { view, draft }: OpenedForm): Promise<void> {
    refreshLater(editToken.refreshForm(client, await showIn(client, target, view), draft))
  }

  async function knownToken({ stack, uid }: { stack: string; uid: string }): Promise<Token> {
    looks.stackFor(stack)
    const token = await looks.knownToken(stack, uid)
    if (token) return token
    await looks.requireReadable(uid)
    throw new Refusal(
      'not_found',
      `That token is no longer there. Nothing was opened; /token history ${uid} shows what happened to it.`,
    )
  }

  /**
   * The form is already there and usable, so a failed look costs nothing: applying looks again. A stack's refusal is
   * reported once, for the stack, and one look too many is nobody's fault.
   */
  function refreshLater(look: Promise<unknown>): void {
    look.catch((error) => {
      if (!(error instanceof Refusal))
        log.warn({ err: error }, 'A token could not be looked at again while its form was open.')
    })
  }
}

const failed = 'Something went wrong here, and nothing was opened: see the message where you typed.'

/** Who wants which token, and what to open of it: its form unless said otherwise. */
type Wanted = {
  readonly name: string
  /** Among the tokens that are known already. */
  readonly found: Found
  readonly person: string
  readonly offers?: Offers
  readonly open?: (target: Target, token: Token) => Promise<void>
  readonly begun?: Begun | null
  /** The line to go on with, if the name fits no single token. */
  readonly onward?: Onward | undefined
}
type OpenedForm = Awaited<ReturnType<EditToken['formFor']>>

export type FindToken = ReturnType<typeof registerFindToken>
