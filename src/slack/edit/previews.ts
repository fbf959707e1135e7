import type { ModalView } from '@slack/types'
import type { Ask } from '../../domain/change/ask.ts'
import { asksAlready } from '../../domain/change/asks-already.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Edit } from '../../domain/change/edit.ts'
import { canEverBeMet } from '../../domain/change/electorate.ts'
import { withWhoIsLeft } from '../../domain/change/named.ts'
import { namesakesOf } from '../../domain/change/namesakes.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { requireOther } from '../../domain/change/revising.ts'
import { contentDigest } from '../../domain/content-digest.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { ListedChange } from '../../words/listed.ts'
import { askers, type Previewed } from '../../words/preview.ts'
import type { Ruled } from '../../workflow/changes/acting.ts'
import { awaitedFrom } from '../../workflow/changes/awaited.ts'
import type { Changes } from '../../workflow/changes/changes.ts'
import type { Rebasing } from '../../workflow/changes/revising.ts'
import type { StillNamed } from '../../workflow/changes/still-named.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { permalink } from '../calls/permalink.ts'
import { otherChanges } from '../card/other-changes.ts'
import { alreadyAskedView } from './already-asked.ts'
import type { Asked } from './form-drafts.ts'
import { previewView } from './preview.ts'
import { rebaseForm } from './rebase-form.ts'

type Deps = {
  store: ChangeReads
  looks: Looks
  changes: Changes
  stillNamed: Pick<StillNamed, 'rulesHere'>
  teamUrl: string
  now: () => Date
}

/** The part on top of a preview that a quick command opens. */
type Quick = Pick<Previewed, 'understood' | 'notice'>

/** Everything that an approver will see, before anybody is asked. */
export function createPreviews({ store, looks, changes, stillNamed, teamUrl, now }: Deps) {
  return { ofForm, ofRebase }

  /**
   * Throws a Refusal if the policy lets nobody ask for this: the form is still open behind it, with everything in it.
   */
  async function ofForm(asked: Asked, ask: Ask, quick: Quick = {}): Promise<ModalView> {
    const { draft, facts } = asked
    const { stack, tokenUid, before, person } = draft
    await looks.requireReadable(tokenUid)
    const amended = draft.change && (await changes.mayAmend({ ...draft.change, by: person }))
    if (amended) requireOther(amended, { before, ...ask })
    const requester = amended?.requester ?? person
    const edit = { stack, tokenUid, before, after: ask.after, requester }
    const own = amended ? null : await changes.alreadyAsked(edit)
    if (own !== null) return alreadyAskedView(await listed(own, edit))
    const ruled = amended
      ? await changes.mayAmendTo({ id: amended.id, by: person }, edit)
      : { ...(await changes.mayPropose(edit)), needsVote: false }
    const around = await aroundOf(edit, ruled, { person, amended })
    const { needsVote } = ruled
    return previewView({ draft, ask, digest: digestOf(asked), stackTitle: facts.title, needsVote, ...around, ...quick })
  }

  async function listed(stored: StoredChange, edit: Edit): Promise<ListedChange> {
    const others = await otherChanges({ store, teamUrl }, stored.change)
    const stackTitle = await looks.titleOf(edit.stack)
    const uidEnd = uidEndOf(edit, await looks.known())
    return { stored, link: stored.card && permalink(teamUrl, stored.card), others, stackTitle, uidEnd }
  }

  /** The form that asks again before a rebase. `opened`: the press that asked for it. */
  async function ofRebase({ change, by, revised, ruled }: Rebasing, opened: Spot): Promise<ModalView> {
    const { before, after, reason } = revised
    const around = await aroundOf({ ...change, before, after }, ruled, { person: by, amended: change })
    const stackTitle = await looks.titleOf(change.stack)
    const ask = { after, reason, reverts: change.reverts }
    return rebaseForm(change, { draft: { id: '', person: by, before }, ask, stackTitle, ...around }, opened)
  }

  type Asker = { readonly person: string; readonly amended: Change | null }

  /** All that is looked up around an edit: who may decide on it, and what else there is of its token. */
  async function aroundOf(edit: Edit, { requirement, today, electorate }: Ruled, { person, amended }: Asker) {
    const { stack, tokenUid } = edit
    const canBeMet = canEverBeMet(askers(person, amended), electorate)
    const able = electorate.demands.map(({ parties }) => parties)
    const here = await stillNamed.rulesHere({ requirement, today })
    const rules = canBeMet ? here : withWhoIsLeft(here, able)
    const about = { stack, tokenUid, id: amended?.id ?? null }
    const others = await otherChanges({ store, teamUrl }, about)
    const open = (await store.openChanges(edit)).filter(({ change }) => change.id !== about.id)
    const alike = asksAlready(open, edit).map(({ change: { id, requester } }) => ({ id, requester }))
    const at = now().toISOString()
    const awaited = await awaitedFrom(store, about, at)
    const known = await looks.known()
    const [namesakes, uidEnd] = [namesakesOf(edit, known), uidEndOf(edit, known)]
    return { ...rules, canBeMet, others, alike, namesakes, awaited, amended, asOf: at, uidEnd }
  }
}

/**
 * Over everything that a draft asks for: whoever can write the database must not make others send something they were
 * not shown.
 */
export function digestOf({ draft: { stack, tokenUid, before, change, reverts }, form }: Asked): string {
  return contentDigest({ stack, tokenUid, before, change, reverts, form })
}
