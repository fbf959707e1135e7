import { z } from 'zod'
import type { Refusing } from '../../domain/policy/always-refused.ts'
import { NotKnownHere, Refusal } from '../../domain/refusal.ts'
import type { StackFacts } from '../../domain/token/token.ts'
import { uidEndOf } from '../../domain/token/told-apart.ts'
import type { Draft, DraftStore } from '../../ports/drafts.ts'
import { inUtc } from '../../words/instants.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { LastLook } from '../../workflow/looks/reach.ts'
import { createTurns } from '../calls/turns.ts'
import { inTime } from '../link/in-time.ts'
import { type EarlierViews, earlierViews, noViews, readView } from './earlier-views.ts'
import { partsIn, viewValues } from './form-blocks.ts'
import { type FormState, formState, withoutRates } from './form-state.ts'

type Deps = {
  store: DraftStore
  looks: Looks
  now: () => Date
  refusing: (draft: Draft) => Promise<Refusing>
}

/** The part of an open form besides its values, as kept in its draft; drafts of 0.2.0 have none. */
const shownState = z
  .object({
    open: z.array(z.string()).readonly(),
    notice: z.string().nullable(),
    earlier: earlierViews.default(noViews),
    costsVote: z.literal(true).optional(),
  })
  .readonly()
type ShownState = z.infer<typeof shownState>

/** An open form, what it asks for, and what of it is in sight. */
export type Asked = {
  readonly draft: Draft
  readonly form: FormState
  readonly facts: StackFacts
  readonly now: Date
  /** Tells which choices the policy can only refuse. */
  readonly refuses: Refusing
  readonly open: readonly string[]
  /** See `uidEndOf`. */
  readonly uidEnd: string | null
  readonly notice?: string
  /** True if whoever sends it can then no longer decide on the change. */
  readonly costsVote?: true
  /** Said of rate limits that the draft asks for, but the form no longer: their fields are not configured any more. */
  readonly dropped?: string
}

/** The changes that a press makes to an open form. */
export type Altered = Partial<Pick<Asked, 'form' | 'open'> & Pick<Draft, 'afresh'>>

/** Open forms as they are kept. Presses on one form take turns: each starts from what the one before has left. */
export function createFormDrafts({ store, looks, now, refusing }: Deps) {
  const turns = createTurns()
  return { start, openDraft, remember, alter, askedBy, refresh, unseenOf, lastSeenOf, factsOf }

  async function start(draft: Omit<Draft, 'shown'>, shown: Omit<ShownState, 'earlier'>): Promise<Draft> {
    const started = { ...draft, shown: { ...shown, earlier: noViews } }
    await store.startDraft(started, now().toISOString())
    return started
  }

  async function openDraft(id: string, person: string): Promise<Draft> {
    const draft = await store.draft(id)
    if (!draft) throw new NotKnownHere('not_found', unknownForm)
    if (draft.person !== person) throw new Refusal('not_found', unknownForm)
    return draft
  }

  /** Keeps what was typed and chosen (`view.state.values`). */
  function remember(id: string, person: string, values: unknown): Promise<Asked> {
    return alter({ id, person, values }, () => ({}))
  }

  /** The same, and what a press adds to it. */
  function alter(pressed: Pressed, adds: (asked: Asked) => Altered): Promise<Asked> {
    return turns.inTurn(pressed.id, async () => {
      const draft = await openDraft(pressed.id, pressed.person)
      const { values } = pressed
      const shown = shownOf(draft)
      const read = readView(viewValues.parse(values), { ...shown, form: formState.parse(draft.form) })
      const { earlier } = read
      const typed = { ...draft, form: read.form, shown: { ...shown, open: read.open, earlier } }
      const asked = await askedBy({ ...typed, afresh: packedAnew(draft, values) })
      const { open = asked.open, form = read.form, afresh = asked.draft.afresh } = adds(asked)
      return askedBy(await save({ ...typed, form, afresh, shown: { ...typed.shown, open } }))
    })
  }

  /** Replaces a draft, unless `fresh` finds that it must stay: null then. */
  function refresh(id: string, fresh: (draft: Draft) => Fresh | null): Promise<Asked | null> {
    return turns.inTurn(id, async () => {
      const draft = await store.draft(id)
      const found = draft && fresh(draft)
      if (!draft || !found) return null
      const { notice, old, ...rest } = found
      const shown = shownOf(draft)
      const earlier = { ...shown.earlier, ...(old && { old }) }
      return askedBy(await save({ ...draft, ...rest, shown: { ...shown, notice, earlier } }))
    })
  }

  async function save(draft: Draft): Promise<Draft> {
    await store.saveDraft(draft, now().toISOString())
    return draft
  }

  async function askedBy(draft: Draft): Promise<Asked> {
    const { open, notice, costsVote } = shownOf(draft)
    const kept = formState.parse(draft.form)
    const [facts, refuses] = await Promise.all([factsOf(draft.stack), refusing(draft)])
    const without = facts.rateLimitsGoverned ? null : withoutRates(kept, draft.before)
    const dropped = without === null ? null : ratesDropped
    const said = [notice, unseenOf(draft.stack), dropped].filter((one) => one !== null)
    return {
      ...{
        draft,
        form: without ?? kept,
        facts,
        open,
        refuses,
        now: now(),
        uidEnd: uidEndOf(draft, await looks.known()),
      },
      ...(said.length > 0 && { notice: said.join(' ') }),
      ...(costsVote && { costsVote }),
      ...(dropped !== null && { dropped }),
    }
  }

  /** Asks Contentstack if they are not known yet. */
  function factsOf(stack: string): Promise<StackFacts> {
    return inTime(looks.facts(stack), 'Contentstack')
  }

  /** The notice for a form if the last look at its stack failed; null if it did not. */
  function unseenOf(stack: string): string | null {
    return lookOf(stack)?.failed ? lastSeenOf(stack) : null
  }

  /** The notice for a form on a token that could not be looked at. */
  function lastSeenOf(stack: string): string {
    return unseen(lookOf(stack))
  }

  function lookOf(stack: string): LastLook | undefined {
    return looks.lastLooks().find((look) => look.stack === stack)
  }
}

export type FormDrafts = ReturnType<typeof createFormDrafts>

type Pressed = { readonly id: string; readonly person: string; readonly values: unknown }
type Fresh = Partial<Pick<Draft, 'before' | 'form' | 'afresh'>> &
  Partial<Pick<EarlierViews, 'old'>> & { readonly notice: string | null }

/**
 * Names that fill several selects are spread over them anew at each redraw, but Slack keeps what was chosen in a select of
 * the same id: a name that moves into one from which something was taken would be in none.
 */
function packedAnew({ afresh }: Draft, values: unknown): Draft['afresh'] {
  const parts = partsIn(values)
  const spread = (['branches', 'aliases'] as const).filter((part) => parts.has(`${part}.1`))
  return { ...afresh, ...Object.fromEntries(spread.map((part) => [part, (afresh[part] ?? 0) + 1])) }
}

function shownOf({ shown }: Draft): ShownState {
  return shownState.safeParse(shown).data ?? { open: [], notice: null, earlier: noViews }
}

const ratesDropped =
  'Rate limits can no longer be edited here, so this form asks for none. Everything else is as you left it.'

const unknownForm =
  'Countersign does not know this form: it is too old, or another Countersign process with another database opened it. ' +
  'Nothing was sent. Open it again with /token edit. If this happens again, tell whoever runs Countersign.'

/** The token may have been seen since the last look at all of its stack. */
function unseen({ shut, failed, at }: Partial<LastLook> = {}): string {
  const when = at ? `${inUtc(at)} or later` : 'before Countersign was started'
  return `${whyUnseen(shut?.why ?? null, failed ?? false)}. This is the token as it was last seen (${when}). You can send it all the same: nothing is written before the token has been looked at again.`
}

/** `shut`: the reason the stack does not let the app in; null if a later look may work by itself. */
function whyUnseen(shut: string | null, failed: boolean): string {
  if (shut) return `Contentstack does not let Countersign in (${shut}): whoever runs Countersign has to fix that`
  return failed ? 'The last look at all of this stack failed' : 'This token was not looked at again just now'
}
