import { setTimeout } from 'node:timers/promises'
import type { ModalView } from '@slack/types'
import { quickEdit } from '../../domain/quick/edit.ts'
import { understood } from '../../domain/quick/text.ts'
import type { QuickCommand } from '../../domain/quick/verbs.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Token } from '../../domain/token/token.ts'
import type { Looks } from '../../workflow/looks/looks.ts'
import type { Warn } from '../calls/errors.ts'
import { allOutOfReach } from '../tokens/out-of-reach.ts'
import { unreadableNotes } from '../tokens/unreadable-notes.ts'
import type { EditToken } from './edit-token.ts'
import { quickAnswerView, understoodAs } from './quick-answers.ts'
import type { QuickChoices } from './quick-choices.ts'
import type { QuickInstead } from './quick-instead.ts'
import { lineOf, readOver } from './quick-line.ts'

type Deps = {
  looks: Looks
  choices: QuickChoices
  instead: QuickInstead
  editToken: EditToken
  now: () => Date
  log: Warn
}

/** `lastSeen`: the token could not be looked at in time, so this is as it was last seen. */
type Seen = { readonly token: Token; readonly lastSeen: boolean }

/** The view that a line opens after a look: the preview, the form if the reason is missing, or why it leads to neither. */
export function createQuickPreview({ looks, choices, instead, editToken, now, log }: Deps) {
  return { afterALook }

  async function afterALook(text: string, person: string): Promise<ModalView> {
    const first = readOver(text, await looks.known())
    const isKnown = async () => readOver(text, await looks.known()).kind !== 'near'
    const failures = first.kind === 'clear' ? [] : await looks.refreshAll(person, isKnown)
    const known = await looks.known()
    const read = first.kind === 'clear' ? first : readOver(text, known)
    if (read.kind === 'wrong') return quickAnswerView((await instead.wrong(text, read.complaint, person)).blocks)
    if (read.kind === 'near') await looks.requireReadable(read.command.token)
    const like = read.kind === 'near' ? await unreadableNotes(looks, read.command.token) : []
    if (read.kind !== 'clear') {
      const notes = [...(await allOutOfReach(looks, failures)), ...like]
      return quickAnswerView((await choices.among({ text, person, line: read, notes })).blocks)
    }
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
}

/** How long people wait for a look. */
const patienceMs = 2500
