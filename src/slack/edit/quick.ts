import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { quickEdit } from '../../domain/quick/edit.ts'
import { implied } from '../../domain/quick/implied.ts'
import { saidInEnglish } from '../../domain/quick/in-english.ts'
import { Refusal } from '../../domain/refusal.ts'
import { namesOf } from '../../domain/token/find.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Changes } from '../../workflow/changes/changes.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import { passOverClosed, slackErrorName, type Warn } from '../calls/errors.ts'
import { showIn, type Target } from '../calls/target.ts'
import { updateModal } from '../calls/views.ts'
import type { Message } from '../kit/blocks.ts'
import type { Offer } from '../kit/say-buttons.ts'
import { lookingFor } from '../tokens/listing.ts'
import { unlistedTitles } from '../tokens/out-of-reach.ts'
import { loadingView } from '../tokens/picker.ts'
import type { EditToken } from './edit-token.ts'
import { quickAnswerView, quickRefused } from './quick-answers.ts'
import { createQuickChoices } from './quick-choices.ts'
import { createQuickInstead, tooLateWithAgain } from './quick-instead.ts'
import { lineOf, readOver } from './quick-line.ts'
import { createQuickNearly } from './quick-nearly.ts'
import { createQuickOffers } from './quick-offers.ts'
import { createQuickPreview } from './quick-preview.ts'

type Deps = {
  store: LookReads
  looks: Looks
  changes: Pick<Changes, 'mayOpen' | 'whyNotAsked' | 'whyNotOpen'>
  editToken: EditToken
  now: () => Date
  log: Warn
}

/** `text` is everything after `/token`. */
type Asked = { text: string; person: string; target: Target; client: WebClient }

export type Quick = ReturnType<typeof createQuick>

/**
 * Edits asked for in one line: each opens the preview, or the form if the reason is missing, and sends nothing by
 * itself.
 */
export function createQuick({ store, looks, changes, editToken, now, log }: Deps) {
  const choices = createQuickChoices({ store, looks, changes, now })
  const instead = createQuickInstead({ store, looks, changes, now })
  const preview = createQuickPreview({ looks, choices, instead, editToken, now, log })
  const offers = createQuickOffers({ store, looks, changes, now })
  return { say, offeredFor, refusedFor, nearly: createQuickNearly({ store, looks, changes, now }) }

  /** Lines that a line with no command of this app may have meant. */
  async function offeredFor(text: string, person: string): Promise<Offer[]> {
    return offers.possible(await meantBy(text), person)
  }

  /** The answer to such a line if all that it may have meant is refused; null if nothing was. */
  async function refusedFor(text: string, person: string): Promise<Message | null> {
    return instead.firstRefused(saidInEnglish(text, namesOf(await looks.known())), person, text)
  }

  async function meantBy(text: string): Promise<string[]> {
    const isToken = namesOf(await looks.known())
    const english = saidInEnglish(text, isToken)
    return english.length > 0 ? english : implied(text, isToken)
  }

  /**
   * Resolves with the answer if nothing is opened. If the last look settles it, the answer comes at once; otherwise a
   * modal opens before anything is waited for, and later shows the result.
   */
  async function say({ text, person, target, client }: Asked): Promise<Message | null> {
    const answer = await fromLastLook(text, person)
    if (answer) return answer
    const opened = await showIn(client, target, loadingView('edit', await whatTakesLonger(text))).catch(unlessTooLate)
    if (opened === null) return tooLateWithAgain(text)
    const { drawn, failure } = await draw(text, person)
    await updateModal(client, { view_id: opened.id }, drawn).catch(passOverClosed)
    if (failure !== null) throw failure
    return null
  }

  /** A known token is looked at by itself. */
  async function whatTakesLonger(text: string): Promise<string | null> {
    const read = readOver(text, await looks.known())
    return read.kind === 'near' ? lookingFor(read.command.token, await unlistedTitles(looks)) : null
  }

  async function fromLastLook(text: string, person: string): Promise<Message | null> {
    const known = await looks.known()
    const read = readOver(text, known)
    if (read.kind === 'wrong') return instead.wrong(text, read.complaint, person)
    if (read.kind === 'several') return choices.among({ text, person, line: read })
    const facts = read.kind === 'clear' ? await store.knownFacts(read.token.stack) : null
    if (read.kind !== 'clear' || facts === null) return null
    const { token } = read
    const refused = await refusalOf(async () => {
      await looks.requireReadable(token.uid)
      const after = quickEdit(read.command, { before: token.settings, facts, now: now() })
      await changes.mayOpen({ token, after }, person)
    })
    if (refused === null) return null
    // It may be valid now, if a branch was just made, for example: then repeating the command helps.
    looks.refreshStale().catch((err) => log.warn({ err }, 'The stacks could not be looked at again.'))
    return instead.refused(text, refused, person)
  }

  async function draw(text: string, person: string): Promise<{ drawn: ModalView; failure: unknown }> {
    try {
      return { drawn: await preview.afterALook(text, person), failure: null }
    } catch (error) {
      if (error instanceof Refusal) {
        const { blocks } = await instead.refused(text, error, person)
        return { drawn: quickAnswerView(blocks), failure: null }
      }
      const { blocks } = quickRefused({ typed: lineOf(text), why: failed })
      return { drawn: quickAnswerView(blocks), failure: error }
    }
  }
}

const failed = 'Something went wrong here: see the message where you typed.'

/** Slack lets a modal open within 3 seconds of the act that asked for it. Source: slack.md §1.3, point 7. */
function unlessTooLate(error: unknown): null {
  if (slackErrorName(error) === 'expired_trigger_id') return null
  throw error
}

async function refusalOf(attempt: () => Promise<void>): Promise<Refusal | null> {
  try {
    await attempt()
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
