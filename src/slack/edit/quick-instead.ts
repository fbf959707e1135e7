import type { ActionsBlock } from '@slack/types'
import { type Complaint, readQuick } from '../../domain/quick/command.ts'
import { corrected } from '../../domain/quick/corrected.ts'
import { RefusedForAnother } from '../../domain/quick/instead.ts'
import { inLine } from '../../domain/quick/quoted.ts'
import { type QuickCommand, quickLabel } from '../../domain/quick/verbs.ts'
import type { Refusal } from '../../domain/refusal.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { Message } from '../kit/blocks.ts'
import { type Offer, sayButtons } from '../kit/say-buttons.ts'
import { waysTo } from '../tokens/ways-to.ts'
import { quickRefused, quickWrong } from './quick-answers.ts'
import { lineOf, readOver } from './quick-line.ts'

/** The answer to a line that can't be read: the line that was probably meant, or the form of its token. */
export function wrongWithInstead(text: string, complaint: Complaint, known: readonly Token[]): Message {
  const found = complaint.token === null ? null : findToken(known, complaint.token)
  const instead = found?.kind === 'one' ? [waysTo(found.token)] : []
  return quickWrong({ typed: lineOf(text), complaint, corrected: correctedOffer(text, complaint, known), instead })
}

function correctedOffer(text: string, complaint: Complaint, known: readonly Token[]): Offer | null {
  const isToken = namesOf(known)
  const line = corrected(text, complaint, isToken)
  const read = line === null ? null : readQuick(line, isToken)
  return line !== null && read && 'command' in read ? { line, label: quickLabel(read.command.verb) } : null
}

/** The answer to a line that is refused: another that works, its token's page, and its form if this person may ask. */
export function refusedWithInstead(text: string, refusal: Refusal, known: readonly Token[]): Message {
  const { message: why, code } = refusal
  const read = readOver(text, known)
  if (read.kind !== 'clear') return quickRefused({ typed: lineOf(text), why })
  const ways = waysTo(read.token, code === 'not_allowed' ? ['show'] : undefined)
  const another = refusal instanceof RefusedForAnother ? anotherLine(read.command, refusal, known) : []
  return quickRefused({ typed: lineOf(text), why, instead: [...another, ways] })
}

function anotherLine(
  { verb, token, reason }: QuickCommand,
  { instead }: RefusedForAnother,
  known: readonly Token[],
): ActionsBlock[] {
  const line = `${verb} ${inLine(token)} ${instead}${reason === null ? '' : ` because ${reason}`}`
  return 'command' in readQuick(line, namesOf(known))
    ? sayButtons([{ line, label: `${quickLabel(verb).replace('…', '')} ${instead}…` }])
    : []
}

/** The answer to a line that came too slowly for Slack. */
export function tooLateWithAgain(text: string): Message {
  const instead: readonly ActionsBlock[] = sayButtons([{ line: text, label: 'Try again' }])
  return quickRefused({ typed: lineOf(text), why: tooLate, instead })
}

const tooLate = 'This took too long, so Slack would no longer open the preview: try again.'
