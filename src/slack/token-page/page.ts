import type { ActionsBlock, ActionsBlockElement, KnownBlock, ModalView, RichTextBlock } from '@slack/types'
import { canBeReverted } from '../../domain/change/revert.ts'
import type { Reverts } from '../../domain/change/reverts.ts'
import { distinct } from '../../domain/look-alikes.ts'
import type { Token } from '../../domain/token/token.ts'
import type { PastEntry } from '../../ports/past.ts'
import { field, knownField } from '../../words/fields.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { count, oneLine } from '../../words/text.ts'
import { type OpenShown, openChangeWords } from '../card/open-change.ts'
import { button, header, limits, plainText } from '../kit/blocks.ts'
import { actions, modals, pastValue, revertValue, tokenValue } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { type PastShown, pastInBrief, pastInFull } from './past.ts'
import { settingsInWords } from './token-words.ts'

/** Entries on one page of a token's past. */
export const pastPageSize = 5

/** A page of a token's past, with the links that its entries need. */
export type PastPage = { readonly shown: readonly PastShown[]; readonly skipped: number; readonly total: number }

export type TokenPage = {
  readonly token: Token
  readonly stackTitle: string
  /** Its open changes, newest first. */
  readonly open: readonly OpenShown[]
  readonly past: PastPage
  readonly now: Date
  /** Something the reader should know about what is shown: it may be out of date, for example. */
  readonly notes?: readonly string[]
}

/** Blocks for the settings, for one entry of the past, and for all open changes: together well below Slack's 100. */
const room = { settings: 20, entry: 7, open: 8 }
/**
 * Open changes beyond these are counted. The settings and each entry get this many characters: Slack takes 250,000
 * bytes for a view, and a character may be three. Source: slack.md §2.
 */
const most = { open: 20, settings: 25_000, entry: 10_000 }

/**
 * Everything there is to know about a token: what it can do, where and until when, what is asked for, and what became
 * of it.
 */
export function tokenPageView(page: TokenPage): ModalView {
  return {
    type: 'modal',
    callback_id: modals.tokenPage,
    title: plainText('Token', limits.viewTitle),
    close: plainText('Close', limits.viewTitle),
    blocks: [...asItIs(page), ...openChanges(page), ...past(page)],
  }
}

function asItIs({ token, stackTitle, notes = [], now }: TokenPage): KnownBlock[] {
  const name = distinct(token.settings.name)
  const edit = { text: 'Edit', action: actions.editThisToken, value: tokenValue(token), label: `Edit ${oneLine(name)}` }
  const about = line({ strong: 'Stack' }, ': ', { said: stackTitle }, '. ', { strong: 'uid' }, ': ', {
    said: token.uid,
  })
  const wholeName = oneLine(name).length > limits.header ? knownField('Name', name) : []
  const drawn = (say: typeof field) =>
    pack([notes.flatMap(quote), [...wholeName, about], ...settingsInWords(token.settings, now, say)], room.settings)
  const whole = drawn(field)
  return [
    header(name),
    ...(isTooLong(whole, most.settings) ? drawn(knownField) : whole),
    { type: 'actions', elements: [button({ ...edit, style: 'primary' })] },
  ]
}

function isTooLong(blocks: readonly RichTextBlock[], characters: number): boolean {
  return JSON.stringify(blocks).length > characters
}

function openChanges({ open }: TokenPage): KnownBlock[] {
  return [header('Open changes'), ...pack([openLines(open)], room.open)]
}

export function openLines(open: readonly OpenShown[]): Piece[] {
  const more = open.length - most.open
  const lines = open.slice(0, most.open).map((change) => line(...openChangeWords(change)))
  if (lines.length === 0) return [line('There are none.')]
  return [...lines, ...(more > 0 ? [line(`and ${more} more`)] : [])]
}

function past({ token, past }: TokenPage): KnownBlock[] {
  if (past.total === 0) return [header('History'), ...pack([[line(noPast)]], 1)]
  return [
    header('History'),
    ...pack([[line(whichOnes(past)), line(meaning)]], 1),
    ...past.shown.flatMap(entryBlocks),
    ...turning(token, past),
  ]
}

const meaning =
  'Revert to before this: opens the form with all settings as they were before it, so that later edits are undone too. It needs the same approvals as any other change.'

export const noPast = 'No change to this token has ended yet, and no edit made elsewhere was seen.'

/** `6–10 of 37 entries, newest first.` */
function whichOnes({ shown, skipped, total }: PastPage): string {
  return `${skipped + 1}–${skipped + shown.length} of ${count(total, 'entry', 'entries')}, newest first.`
}

function entryBlocks(shown: PastShown): KnownBlock[] {
  return [{ type: 'divider' }, ...fitting(shown), ...revertButton(shown.entry)]
}

/** In full, unless a view could not hold five of that length. */
function fitting(shown: PastShown): RichTextBlock[] {
  const full = pack([pastInFull(shown)], room.entry)
  if (!isTooLong(full, most.entry)) return full
  return pack([[...pastInBrief(shown), line(tooLong(shown))]], room.entry)
}

function tooLong({ entry }: PastShown): string {
  const where = entry.kind === 'change' ? 'its card shows' : 'Contentstack and the audit log have'
  return `It is too long to show in full here: ${where} all of it.`
}

function revertButton(entry: PastEntry): ActionsBlock[] {
  const reverts = revertOf(entry)
  if (reverts === null) return []
  const label =
    reverts.kind === 'change'
      ? `Revert to before this: change #${reverts.number}`
      : 'Revert to before this: an edit made elsewhere'
  const value = revertValue(reverts)
  return [
    { type: 'actions', elements: [button({ text: 'Revert to before this', action: actions.revert, value, label })] },
  ]
}

function revertOf(entry: PastEntry): Reverts | null {
  if (entry.kind === 'edit') return { kind: 'edit', number: entry.edit.seq }
  const { change } = entry.stored
  return canBeReverted(change) ? { kind: 'change', number: change.id } : null
}

/** The place of an entry in the log. */
function placeOf(entry: PastEntry): number {
  return entry.kind === 'edit' ? entry.edit.seq : entry.stored.seq
}

function turning(token: Token, { shown, skipped, total }: PastPage): ActionsBlock[] {
  const [first, last] = [shown[0], shown.at(-1)]
  const elements: ActionsBlockElement[] = []
  if (first && skipped > 0)
    elements.push(turn('Newer', actions.newerPast, pastValue(token, { after: placeOf(first.entry) })))
  if (last && skipped + shown.length < total)
    elements.push(turn('Older', actions.olderPast, pastValue(token, { before: placeOf(last.entry) })))
  return elements.length === 0 ? [] : [{ type: 'actions', elements }]
}

function turn(text: string, action: string, value: string) {
  return button({ text, action, value, label: `${text} entries of the history` })
}
