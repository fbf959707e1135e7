import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { canBeReverted, revertTo } from '../../domain/change/revert.ts'
import type { Reverts } from '../../domain/change/reverts.ts'
import { Refusal } from '../../domain/refusal.ts'
import { same } from '../../domain/token/diff.ts'
import type { Settings, Token } from '../../domain/token/token.ts'
import type { ChangeReads, TokenRef } from '../../ports/changes.ts'
import type { GoneToken } from '../../ports/looks.ts'
import type { PastFrom, PastReads } from '../../ports/past.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { slackErrorName } from '../calls/errors.ts'
import { showIn, type Target, targetOf } from '../calls/target.ts'
import { updateModal } from '../calls/views.ts'
import { pressedValue } from '../edge/press.ts'
import type { Routes } from '../edge/routes.ts'
import type { EditToken } from '../edit/edit-token.ts'
import type { Message } from '../kit/blocks.ts'
import { actions, modals, readPastValue, readRevertValue, readTokenValue } from '../kit/ids.ts'
import { outOfReach } from '../tokens/out-of-reach.ts'
import { readPick } from '../tokens/picker.ts'
import { shownLooks } from '../tokens/shown-looks.ts'
import { tokenBrief } from './brief.ts'
import type { FindToken } from './find-token.ts'
import { pastPageSize, tokenPageView } from './page.ts'
import { tokenHistory } from './token-history.ts'
import { readOpen, readTokenPast } from './token-past.ts'

type Deps = {
  routes: Routes
  store: ChangeReads & PastReads
  looks: Looks
  editToken: EditToken
  findToken: FindToken
  teamUrl: string
  now: () => Date
}

export type TokenPage = ReturnType<typeof registerTokenPage>

/** A token's page: what it can do, what is asked for, what became of it, and the way back to how it was. */
export function registerTokenPage({ routes, store, looks, editToken, findToken, teamUrl, now }: Deps) {
  routes.pressed(actions.showToken, async ({ ack, body, client }) => {
    const token = await findToken.knownToken(readTokenValue(pressedValue(body)))
    await ack()
    await open(client, targetOf(body), token, body.user.id)
  })

  routes.pressed(actions.showAToken, async ({ ack, body, client }) => {
    await ack()
    await findToken.openPicker(client, targetOf(body), 'show')
  })

  routes.submitted(modals.pickPage, async ({ ack, body, view, client }) => {
    const token = await findToken.knownToken(readPick(view.state.values))
    const page = await draw(token)
    await ack({ response_action: 'update', view: page })
    findToken.refreshLater(
      refresh(client, { view_id: view.id, hash: undefined }, { token, drawn: page, person: body.user.id }),
    )
  })

  for (const turn of [actions.newerPast, actions.olderPast] as const)
    routes.pressed(turn, async ({ ack, body, client }) => {
      const { place, ...ref } = readPastValue(pressedValue(body))
      const view = await draw(await findToken.knownToken(ref), place)
      await ack()
      // Whatever was redrawn meanwhile: the person who turns the page has the last word.
      await replace(client, { view_id: body.view?.id ?? '', hash: undefined }, view)
    })

  routes.pressed(actions.revert, async ({ ack, body, client }) => {
    const reverts = readRevertValue(pressedValue(body))
    const { earlier, stack, tokenUid } = await undone(reverts)
    const token = await findToken.knownToken({ stack, uid: tokenUid })
    requireDifference(token.settings, earlier)
    await ack()
    await findToken.showForm(
      client,
      targetOf(body),
      await editToken.formForRevert(token, { reverts, earlier }, body.user.id),
    )
  })

  return { open, history, brief }

  /** Opened from what is known, with the one call that Slack gets; redrawn if a look finds something else. */
  async function open(client: WebClient, target: Target, token: Token, person: string): Promise<void> {
    const view = await draw(token)
    const { id, hash } = await showIn(client, target, view)
    findToken.refreshLater(refresh(client, { view_id: id, hash }, { token, drawn: view, person }))
  }

  async function refresh(client: WebClient, seen: Seen, { token, drawn, person }: Opened): Promise<void> {
    const live = await looks.token(token.stack, token.uid, person).catch((error: unknown) => outOfReach([error]))
    const view = Array.isArray(live) ? await draw(token, { skip: 0 }, live) : await draw(live as Token)
    if (JSON.stringify(view) !== JSON.stringify(drawn)) await replace(client, seen, view)
  }

  async function draw(token: Token, from: PastFrom = { skip: 0 }, notes: readonly string[] = []): Promise<ModalView> {
    const of = { stack: token.stack, tokenUid: token.uid }
    const stackTitle = await looks.titleOf(token.stack)
    return tokenPageView({
      token,
      stackTitle,
      ...(await readTokenPast({ store, teamUrl }, of, from)),
      now: now(),
      notes,
    })
  }

  /** The same in text; pages count from 1, and a number beyond the last shows the last. */
  async function history(token: Token | GoneToken, typed: string, page: number): Promise<Message> {
    const of = { stack: token.stack, tokenUid: token.uid }
    const past = await readTokenPast({ store, teamUrl }, of, { skip: (page - 1) * pastPageSize })
    const { name } = token.settings
    const gone = 'goneAt' in token ? { goneAt: token.goneAt } : {}
    return tokenHistory({ name, ...gone, stackTitle: await looks.titleOf(token.stack), ...past, typed })
  }

  /** From the last look: the page that it leads to looks again. */
  async function brief(token: Token, person: string): Promise<Message> {
    await looks.requireReadable(token.uid)
    const of = { stack: token.stack, tokenUid: token.uid }
    const [titled] = await looks.titled([token])
    const open = await readOpen({ store, teamUrl }, of)
    const unseen = (await shownLooks(looks, [token.stack])).filter(({ failed }) => failed)
    const whyNotOpen = await editToken.whyNotOpen(token, person)
    return tokenBrief({ titled: titled!, open, now: now(), unseen, whyNotOpen })
  }

  async function undone({ kind, number }: Reverts): Promise<TokenRef & { earlier: Settings }> {
    if (kind === 'change') {
      const { change } = await store.get(number)
      if (canBeReverted(change)) return { ...change, earlier: change.before }
    } else {
      const edit = await store.outsideEdit(number)
      if (edit) return { ...edit.fact, earlier: edit.fact.before }
    }
    throw new Refusal('not_found', 'That was never in force, so there is nothing to undo. Nothing was opened.')
  }
}

function requireDifference(live: Settings, earlier: Settings): void {
  if (same(revertTo(earlier, live), live))
    throw new Refusal(
      'invalid',
      'The token is already as it was before that. Nothing was opened, and nothing has changed.',
    )
}

type Opened = { readonly token: Token; readonly drawn: ModalView; readonly person: string }
type Seen = { readonly view_id: string; readonly hash: string | undefined }

/** With a hash, leaves the page alone if somebody has turned it meanwhile. */
async function replace(client: WebClient, { view_id, hash }: Seen, view: ModalView): Promise<void> {
  try {
    await updateModal(client, { view_id, ...(hash !== undefined && { hash }) }, view)
  } catch (error) {
    if (slackErrorName(error) !== 'hash_conflict') throw error
  }
}
