import { setTimeout } from 'node:timers/promises'
import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { type Complaint, readQuick } from '../../domain/quick/command.ts'
import { quickEdit } from '../../domain/quick/edit.ts'
import { understood, written } from '../../domain/quick/text.ts'
import type { QuickCommand } from '../../domain/quick/verbs.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { Changes } from '../../workflow/changes.ts'
import type { Looks } from '../../workflow/looks.ts'
import { passOverClosed, slackErrorName, type Warn } from '../calls/errors.ts'
import { openModal, updateModal } from '../calls/views.ts'
import type { Message } from '../kit/blocks.ts'
import { createGonePast } from '../tokens/gone-past.ts'
import { lookingFor } from '../tokens/listing.ts'
import { allOutOfReach, unlistedTitles } from '../tokens/out-of-reach.ts'
import { loadingView } from '../tokens/picker.ts'
import { unreadableNotes } from '../tokens/unreadable-notes.ts'
import type { EditToken } from './edit-token.ts'
import { type Choice, quickAnswerView, quickNear, quickRefused, quickWrong, understoodAs } from './quick-answers.ts'

type Deps = {
  store: LookReads
  looks: Looks
  changes: Pick<Changes, 'mayOpen'>
  editToken: EditToken
  now: () => Date
  log: Warn
}

/** `text` is everything after `/token`. */
type Asked = { text: string; person: string; triggerId: string; client: WebClient }

type Read =
  | { readonly kind: 'wrong'; readonly complaint: Complaint }
  | { readonly kind: 'clear'; readonly command: QuickCommand; readonly token: Token }
  | { readonly kind: 'several' | 'near'; readonly command: QuickCommand; readonly tokens: readonly Token[] }

export type Quick = ReturnType<typeof createQuick>

/**
 * Edits asked for in one line: each opens the preview, or the form if the reason is missing, and sends nothing by
 * itself.
 */
export function createQuick({ store, looks, changes, editToken, now, log }: Deps) {
  const gone = createGonePast({ store, looks })
  return { say }

  /**
   * Resolves with the answer if nothing is opened. If the last look settles it, the answer comes at once; otherwise a
   * modal opens before anything is waited for, and later shows the result.
   */
  async function say({ text, person, triggerId, client }: Asked): Promise<Message | null> {
    const answer = await fromLastLook(text, person)
    if (answer) return answer
    const opened = await openModal(client, triggerId, loadingView('edit', await whatTakesLonger(text))).catch(
      unlessTooLate,
    )
    if (opened === null) return quickRefused({ typed: lineOf(text), why: tooLate })
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
    const read = readOver(text, await looks.known())
    if (read.kind === 'wrong') return quickWrong({ typed: lineOf(text), complaint: read.complaint })
    if (read.kind === 'several') return near(text, read)
    const facts = read.kind === 'clear' ? await store.knownFacts(read.token.stack) : null
    if (read.kind !== 'clear' || facts === null) return null
    const { token } = read
    const why = await refusalOf(async () => {
      await looks.requireReadable(token.uid)
      const after = quickEdit(read.command, { before: token.settings, facts, now: now() })
      await changes.mayOpen({ token, after }, person)
    })
    if (why === null) return null
    // It may be right by now, if a branch was just made, for example: then saying it again helps.
    looks.refreshStale().catch((err) => log.warn({ err }, 'The stacks could not be looked at again.'))
    return quickRefused({ typed: lineOf(text), why })
  }

  async function draw(text: string, person: string): Promise<{ drawn: ModalView; failure: unknown }> {
    try {
      return { drawn: await afterALook(text, person), failure: null }
    } catch (error) {
      const why =
        error instanceof Refusal ? error.message : 'Something went wrong here: see the message where you typed.'
      const drawn = quickAnswerView(quickRefused({ typed: lineOf(text), why }).blocks)
      return { drawn, failure: error instanceof Refusal ? null : error }
    }
  }

  async function afterALook(text: string, person: string): Promise<ModalView> {
    const first = readOver(text, await looks.known())
    const isKnown = async () => readOver(text, await looks.known()).kind !== 'near'
    const failures = first.kind === 'clear' ? [] : await looks.refreshAll(person, isKnown)
    const read = first.kind === 'clear' ? first : readOver(text, await looks.known())
    if (read.kind === 'wrong')
      return quickAnswerView(quickWrong({ typed: lineOf(text), complaint: read.complaint }).blocks)
    if (read.kind === 'near') await looks.requireReadable(read.command.token)
    const like = read.kind === 'near' ? await unreadableNotes(looks, read.command.token) : []
    if (read.kind !== 'clear')
      return quickAnswerView((await near(text, read, [...(await allOutOfReach(looks, failures)), ...like])).blocks)
    return viewOf(text, read.command, await lookAt(read.token, person), person)
  }

  async function viewOf(text: string, command: QuickCommand, seen: Seen, person: string): Promise<ModalView> {
    const { token, lastSeen } = seen
    const before = token.settings
    const after = quickEdit(command, { before, facts: await looks.facts(token.stack), now: now() })
    const meaning = understood(command, { before, after, now: now(), lastSeen })
    const lead = understoodAs({ typed: lineOf(text), meaning })
    return editToken.viewForEdit(token, person, {
      ask: { after, reason: command.reason ?? '' },
      understood: lead,
      lastSeen,
    })
  }

  /** The token as it is now, or as it was last seen if Contentstack is slow or out of reach: applying looks again. */
  async function lookAt(token: Token, person: string): Promise<Seen> {
    const now = looks.token(token.stack, token.uid, person).catch((err: unknown) => {
      if (err instanceof Refusal && err.code === 'not_found') throw err
      log.warn({ err }, 'A token could not be looked at for a quick command.')
      return null
    })
    const live = await Promise.race([now, setTimeout(patienceMs, null, { ref: false })])
    return { token: live ?? token, lastSeen: live === null }
  }

  async function near(text: string, { kind, command, tokens }: Near, notes: readonly string[] = []): Promise<Message> {
    const known = await looks.known()
    const titled = await looks.titled(tokens.slice(0, mostChoices))
    const choices = titled.map(({ token: { uid, settings }, stackTitle }): Choice => {
      const alone = findToken(known, settings.name).kind === 'one'
      const line = written({ ...command, token: alone ? settings.name : uid }, namesOf(known))
      return { written: line, name: settings.name, stackTitle }
    })
    const isGone = kind === 'near' ? await gone.titled(command.token) : []
    return quickNear({ typed: lineOf(text), token: command.token, choices, gone: isGone, notes })
  }
}

/** `lastSeen`: the token could not be looked at in time, so this is as it was last seen. */
type Seen = { readonly token: Token; readonly lastSeen: boolean }

type Near = Extract<Read, { kind: 'several' | 'near' }>

/** How long people wait for a look. */
const patienceMs = 2500

/** Each holds the whole line, including a long reason. */
const mostChoices = 5

function readOver(text: string, tokens: readonly Token[]): Read {
  const read = readQuick(text, namesOf(tokens))
  if ('complaint' in read) return { kind: 'wrong', complaint: read.complaint }
  const { command } = read
  const found = findToken(tokens, command.token)
  return found.kind === 'one' ? { kind: 'clear', command, token: found.token } : { ...found, command }
}

/** Slack lets a modal open within 3 seconds of the act that asked for it. Source: slack.md §1.3, point 7. */
function unlessTooLate(error: unknown): null {
  if (slackErrorName(error) === 'expired_trigger_id') return null
  throw error
}

const tooLate = 'This took too long, so Slack would no longer open the preview: type it again.'

/** The words it is refused with, if it is. */
async function refusalOf(attempt: () => Promise<void>): Promise<string | null> {
  try {
    await attempt()
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

function lineOf(text: string): string {
  return `/token ${text}`
}
