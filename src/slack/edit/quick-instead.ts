import type { ActionsBlock } from '@slack/types'
import type { Complaint } from '../../domain/quick/command.ts'
import { corrected } from '../../domain/quick/corrected.ts'
import { implied, isOpposite } from '../../domain/quick/implied.ts'
import { saidInEnglish } from '../../domain/quick/in-english.ts'
import { RefusedForAnother } from '../../domain/quick/instead.ts'
import { inLine } from '../../domain/quick/quoted.ts'
import { split } from '../../domain/quick/reading.ts'
import type { QuickCommand } from '../../domain/quick/verbs.ts'
import type { Refusal } from '../../domain/refusal.ts'
import { findToken, namesOf } from '../../domain/token/find.ts'
import type { Token } from '../../domain/token/token.ts'
import type { Message } from '../kit/blocks.ts'
import type { Begun } from '../kit/ids.ts'
import { type Offer, sayButtons } from '../kit/say-buttons.ts'
import { chooseToken } from '../tokens/near.ts'
import { chooseFor } from '../tokens/waiting.ts'
import { waysTo } from '../tokens/ways-to.ts'
import { groupAskedIn, groupOfVerb } from './form-groups.ts'
import { quickRefused, quickWrong } from './quick-answers.ts'
import { lineOf, readOver } from './quick-line.ts'
import { createQuickOffers, type OffersDeps } from './quick-offers.ts'

export type QuickInstead = ReturnType<typeof createQuickInstead>

/** The answers to a line that leads to nothing, with what works instead. */
export function createQuickInstead(deps: OffersDeps) {
  const { looks, changes } = deps
  const offers = createQuickOffers(deps)
  return { wrong, refused, firstRefused }

  /** To a line that can't be read: the lines that were probably meant, and the form of its token. `typed` was taken for it. */
  async function wrong(text: string, complaint: Complaint, person: string, typed = text): Promise<Message> {
    const known = await looks.known()
    const found = complaint.token === null ? null : findToken(known, complaint.token)
    const token = found?.kind === 'one' ? found.token : null
    const right = corrected(text, complaint, namesOf(known))
    const lines = complaint.lines?.(await offers.about(token)) ?? []
    const english = saidInEnglish(text, namesOf(known))
    const sure = await offers.possible([...(right === null ? [] : [right]), ...lines, ...english], person)
    const no = sure.length > 0 || token !== null ? null : await firstRefused(english, person, typed)
    if (no !== null) return no
    const another = sure.length > 0 ? null : await refusedForAnother(lines, person, typed)
    if (another !== null) return another
    const perhaps = implied(split(text)[1], namesOf(known)).filter((line) => !isOpposite(complaint.verb, line))
    const offered = sure.length > 0 ? sure : await offers.possible(perhaps, person)
    const isOffered = offered.some(({ line }) => line === right)
    const meant = right === null || isOffered || (await onlyChangesNothing(right, person)) ? complaint.meant : null
    const ways = token ? [waysTo(token, await waysFor(token, person), begunBy(complaint))] : []
    const instead = [...ways, ...choiceFor(complaint)]
    const refusedFor = await refusedTokens(lines, person)
    return quickWrong({ typed: lineOf(typed), complaint: { ...complaint, meant }, offered, refusedFor, instead })
  }

  /** Those of the tokens of such lines that no line works for, if they are about several. */
  async function refusedTokens(lines: readonly string[], person: string): Promise<string[]> {
    const known = await looks.known()
    const read = lines.map((line) => readOver(line, known)).filter((one) => one.kind === 'clear')
    if (new Set(read.map(({ token }) => token.uid)).size < 2) return []
    const whyNots = await Promise.all(read.map((one) => offers.whyNot(one, person)))
    return read.filter((_, i) => whyNots[i] !== null).map(({ command }) => command.token)
  }

  /** Such a line is right, though there is nothing to ask for. */
  async function onlyChangesNothing(line: string, person: string): Promise<boolean> {
    const why = await offers.whyNot(readOver(line, await looks.known()), person)
    return why?.code === 'no_changes'
  }

  /** To a line that is refused: another that works, its token's page, and its form if this person may ask. `typed` was taken for it. */
  async function refused(text: string, refusal: Refusal, person: string, typed = text): Promise<Message> {
    const { message: why } = refusal
    const read = readOver(text, await looks.known())
    if (read.kind !== 'clear') return quickRefused({ typed: lineOf(typed), why })
    const { command, token } = read
    const begun = { group: groupAskedIn(command), reason: command.reason ?? '' }
    const offered: Offer[] = await offers.possible(otherLines(command, refusal), person)
    const ways = waysTo(token, await waysFor(token, person), begun)
    return quickRefused({ typed: lineOf(typed), why, instead: [...sayButtons(offered), ways] })
  }

  /**
   * The answer to a line of these that can be read and is refused, though not for who typed it; null if there is none. `typed`
   * was taken for them.
   */
  async function firstRefused(lines: readonly string[], person: string, typed: string): Promise<Message | null> {
    for (const line of lines) {
      const why = await offers.whyNot(readOver(line, await looks.known()), person)
      if (why !== null && why.code !== 'not_allowed') return refused(line, why, person, typed)
    }
    return null
  }

  /** The answer to a line of these that is refused with one that works; null if there is none. */
  async function refusedForAnother(lines: readonly string[], person: string, typed: string): Promise<Message | null> {
    for (const line of lines) {
      const why = await offers.whyNot(readOver(line, await looks.known()), person)
      if (why instanceof RefusedForAnother) return refused(line, why, person, typed)
    }
    return null
  }

  async function waysFor(token: Token, person: string): Promise<readonly ('show' | 'edit')[]> {
    return (await changes.whyNotOpen(token, person)) === null ? ['show', 'edit'] : ['show']
  }
}

/** Of the token that a line lacks. */
function choiceFor({ verb, waits }: Complaint): ActionsBlock[] {
  if (verb === null || waits === undefined) return []
  return [chooseFor({ verb, rest: waits }) ?? chooseToken('edit')]
}

function begunBy({ verb, reason }: Complaint): Begun {
  return { group: verb === null ? null : groupOfVerb[verb], reason: reason ?? '' }
}

/** A year more is the nearest to `never` where every token has to expire. */
function otherLines(command: QuickCommand, refusal: Refusal): string[] {
  const { verb, token, reason } = command
  const why = reason === null ? '' : ` because ${reason}`
  const isNever = command.verb === 'extend' && command.until.kind === 'never'
  const other = refusal instanceof RefusedForAnother ? [{ verb: refusal.verb ?? verb, head: refusal.instead }] : []
  const wishes = [...other, ...(isNever ? [{ verb, head: '1y' }] : [])]
  return wishes.map((wish) => `${wish.verb} ${inLine(token)} ${wish.head}${why}`)
}

/** The answer to a line that came too slowly for Slack. */
export function tooLateWithAgain(text: string): Message {
  const instead: readonly ActionsBlock[] = sayButtons([{ line: text, label: 'Try again' }])
  return quickRefused({ typed: lineOf(text), why: tooLate, instead })
}

const tooLate = 'This took too long, so Slack would no longer open the preview: try again.'
