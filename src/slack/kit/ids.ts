import { z } from 'zod'
import type { Change } from '../../domain/change/change.ts'
import { type Spot, spot } from '../../domain/change/pressed.ts'
import type { Reverts } from '../../domain/change/reverts.ts'
import { markOf } from '../../domain/change/seal.ts'
import { Refusal } from '../../domain/refusal.ts'
import { limits } from './blocks.ts'

/**
 * Names by which Slack sends back what a person did. The manifest knows the shortcut; the rest is between views and
 * listeners.
 */
export const shortcuts = { editToken: 'edit_token' } as const

/** `callback_id` of each modal. */
export const modals = {
  loading: 'loading',
  editForm: 'edit_form',
  preview: 'preview',
  approveForm: 'approve_form',
  rejectForm: 'reject_form',
  cancelForm: 'cancel_form',
  rebaseForm: 'rebase_form',
  takeOverForm: 'take_over_form',
  lookingForm: 'looking_form',
  pickForm: 'pick_form',
  pickPage: 'pick_page',
  pickForLine: 'pick_for_line',
  nearMatches: 'near_matches',
  refusal: 'refusal',
  quickAnswer: 'quick_answer',
  tokenPage: 'token_page',
  report: 'report',
} as const

/** `action_id` of each button, select and input. */
export const actions = {
  approve: 'approve',
  approveWithComment: 'approve_with_comment',
  reject: 'reject',
  claim: 'claim',
  amend: 'amend',
  nudge: 'nudge',
  rebase: 'rebase',
  takeOver: 'take_over',
  cancel: 'cancel',
  more: 'more',
  editAToken: 'edit_a_token',
  editThisToken: 'edit_this_token',
  editInForm: 'edit_in_form',
  newer: 'home_newer',
  older: 'home_older',
  lookedAt: 'looked_at',
  showAToken: 'show_a_token',
  chooseForLine: 'choose_for_line',
  /** Opens a token's page, from anywhere; its value is a `tokenValue`. */
  showToken: 'show_token',
  newerPast: 'newer_past',
  olderPast: 'older_past',
  revert: 'revert',
  report: 'report',
  pickToken: 'pick_token',
  branches: 'form_branches',
  aliases: 'form_aliases',
  expiresNever: 'form_never',
  expiresOnADay: 'form_on_a_day',
  everything: 'form_everything',
  module: 'form_module',
  addModule: 'form_add_module',
  expiry: 'form_expiry',
  date: 'form_date',
  emailNotice: 'form_email_notice',
  rates: 'form_rates',
  readRate: 'form_read_rate',
  writeRate: 'form_write_rate',
  reason: 'form_reason',
  rejection: 'rejection',
  tokenName: 'token_name',
  comment: 'comment',
} as const

/**
 * `action_id` of buttons that do what their value would do after `/token`. Those in one row need different ones, so a row
 * has no more than these.
 */
export const sayActions = ['say', 'say_2', 'say_3'] as const

/** `action_id` of the buttons that choose how many days a report goes back. */
export const reportActions = { 30: 'report_30', 90: 'report_90', 365: 'report_365' } as const

/** `action_id` of a field in the edit form that is typed as text. */
export function textAction(field: string): string {
  return `form_${field}`
}

/** `action_id` of the buttons that open a group of the edit form, and make it a line again. */
export function groupActions(group: string): { readonly open: string; readonly close: string } {
  return { open: `form_open_${group}`, close: `form_close_${group}` }
}

/** `block_id` of the inputs outside the edit form, which has its own in `form-blocks.ts`. */
export const blocks = { pick: 'pick', rejection: 'rejection', tokenName: 'token_name', comment: 'comment' } as const

/** Choices in the form that make other parts of their group appear or go: each leads to a redraw. */
export const redrawingActions = {
  [actions.everything]: 'access',
  /** As 0.2.0 called it, whose forms may still be open. */
  form_whole: 'access',
  /** A choice in forms of 0.2.0. */
  [actions.expiry]: 'expiry',
  [actions.rates]: 'rates',
} as const

/** `action_id` of the buttons that put off the expiry, by how long. */
export const laterActions = {
  '30d': 'form_later_30d',
  '90d': 'form_later_90d',
  '180d': 'form_later_180d',
  '1y': 'form_later_1y',
} as const
export type Later = keyof typeof laterActions

/** The value of an option in the menu *More*: the action of the button that it stands for, and that button's value. */
export function moreValue(action: string, value: string): string {
  return `${action} ${value}`
}

/** Null for any text that `moreValue` did not write. */
export function readMoreValue(text: string): { readonly action: string; readonly value: string } | null {
  const [, action, value] = /^([a-z_]+) (\S+)$/.exec(text) ?? []
  return action && value ? { action, value } : null
}

type Named = { readonly id: number; readonly revision: number; readonly mark: string }

/** The value of a button on a change: the change, the revision that the person sees, and the mark of its content. */
export function changeValue(change: Change): string {
  return `${change.id}:${change.revision}:${markOf(change)}`
}

/** A button's value for the log: the change and the revision tell a reader more than a mark. */
export function withoutMark(value: string): string {
  return value.replace(/^(\d+:\d+):[0-9a-f]{16}$/, '$1')
}

/**
 * Throws a Refusal for any text that `changeValue` did not write. Buttons of earlier versions had no mark: theirs is
 * empty.
 */
export function readChangeValue(text: unknown): Named {
  const [, id, revision, mark = ''] =
    /^(\d{1,15}):(\d{1,15})(?::([0-9a-f]{16}))?$/.exec(typeof text === 'string' ? text : '') ?? []
  if (id && revision) return { id: Number(id), revision: Number(revision), mark }
  throw new Refusal(
    'not_found',
    'This button does not say which change it belongs to. Nothing was done; open the change from the app’s Home tab.',
  )
}

/** The data that a form on a change carries: what the button said that opened it, and where and when that was pressed. */
export function formValue(change: Change, opened: Spot): string {
  return `${changeValue(change)} ${JSON.stringify(opened)}`
}

/** Throws a Refusal for any text that `formValue` did not write. Forms of earlier versions do not say what opened them. */
export function readFormValue(text: string): Named & { readonly opened?: Spot | undefined } {
  const [value = '', ...rest] = text.split(' ')
  return { ...readChangeValue(value), opened: openedIn(rest.join(' ')) }
}

function openedIn(text: string): Spot | undefined {
  try {
    return spot.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

export type TokenRef = { readonly stack: string; readonly uid: string }

/**
 * The value of an option or a button for a token. Slack takes 150 characters: uids have about 20, so a stack's name
 * must stay short.
 */
export function tokenValue({ stack, uid }: TokenRef): string {
  return `${uid}:${stack}`
}

const tokenValueText = z
  .string()
  .regex(/^[^:]+:.+$/s)
  .transform((text): TokenRef => {
    const colon = text.indexOf(':')
    return { uid: text.slice(0, colon), stack: text.slice(colon + 1) }
  })

/** Throws a Refusal for any text that `tokenValue` did not write. */
export function readTokenValue(text: unknown): TokenRef {
  const read = tokenValueText.safeParse(text)
  if (read.success) return read.data
  throw new Refusal('not_found', 'No token was chosen, so nothing was opened. Choose one from the list.')
}

/** The start of a form: the group that opens, and the reason that was typed already. */
export type Begun = { readonly group: string | null; readonly reason: string }

/** The value of a button that opens a token's form. A reason too long for a button is left out. */
export function begunValue(token: TokenRef, begun: Begun): string {
  const values = [begun, { ...begun, reason: '' }].map((one) => JSON.stringify({ token: tokenValue(token), ...one }))
  return values.find((value) => value.length <= limits.buttonValue) ?? tokenValue(token)
}

const begunText = z.object({ token: z.string(), group: z.string().nullable(), reason: z.string() })

/** Reads what `begunValue` or `tokenValue` wrote; throws a Refusal for anything else. */
export function readBegunValue(text: unknown): { readonly ref: TokenRef; readonly begun: Begun | null } {
  const read = typeof text === 'string' && text.startsWith('{') ? begunText.safeParse(parsed(text)) : null
  if (!read?.success) return { ref: readTokenValue(text), begun: null }
  const { token, ...begun } = read.data
  return { ref: readTokenValue(token), begun }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const sayValueText = z.string().min(1)

/** The line that a button stands for. Throws a Refusal for anything else. */
export function readSayValue(text: unknown): string {
  const read = sayValueText.safeParse(text)
  if (read.success) return read.data
  throw new Refusal('not_found', 'This button does not say what to do. Nothing was done; type the command instead.')
}

/** The lists on App Home, each with pages of its own. */
export const homeLists = ['needs', 'yours', 'recent', 'expiring', 'outside'] as const
export type HomeList = (typeof homeLists)[number]

type HomePage = { readonly list: HomeList; readonly page: number }

/** The value of a button that turns a page: the list, and the page it leads to. */
export function pageValue({ list, page }: HomePage): string {
  return `${list}:${page}`
}

const pageValueText = z.templateLiteral([z.enum(homeLists), ':', z.string().regex(/^\d{1,6}$/)])

/** Throws a Refusal for any text that `pageValue` did not write. */
export function readPageValue(text: unknown): HomePage {
  const read = pageValueText.safeParse(text)
  if (!read.success) throw new Refusal('not_found', 'There is no such page. Open the app’s Home tab again.')
  const [list, page] = read.data.split(':')
  return { list: list as HomeList, page: Number(page) }
}

const editValueText = z.string().regex(/^\d{1,15}$/)

/** The number of an edit made elsewhere. Throws a Refusal for anything else. */
export function readEditValue(text: unknown): number {
  const read = editValueText.safeParse(text)
  if (read.success) return Number(read.data)
  throw new Refusal('not_found', 'This button does not say which edit it belongs to. Nothing was recorded.')
}

/** A place in a token's past: the page just before or after an entry of the log. */
export type PastPlace = { readonly before: number } | { readonly after: number }

/** The value of a button that leads to another page of a token's past. It may be longer than an option's. */
export function pastValue(token: TokenRef, place: PastPlace): string {
  const where = 'before' in place ? `before:${place.before}` : `after:${place.after}`
  return `${where}:${tokenValue(token)}`
}

const pastValueText = z
  .string()
  .regex(/^(before|after):\d{1,15}:/)
  .transform((text): TokenRef & { place: PastPlace } => {
    const [where, seq, ...token] = text.split(':')
    const place = where === 'before' ? { before: Number(seq) } : { after: Number(seq) }
    return { ...readTokenValue(token.join(':')), place }
  })

/** Throws a Refusal for any text that `pastValue` did not write. */
export function readPastValue(text: unknown): TokenRef & { place: PastPlace } {
  const read = pastValueText.safeParse(text)
  if (read.success) return read.data
  throw new Refusal('not_found', 'There is no such page. Open the token again with /token show.')
}

/** The value of a button that undoes something. */
export function revertValue({ kind, number }: Reverts): string {
  return `${kind}:${number}`
}

const revertValueText = z
  .string()
  .regex(/^(change|edit):\d{1,15}$/)
  .transform((text): Reverts => {
    const [kind, number] = text.split(':')
    return { kind: kind === 'change' ? 'change' : 'edit', number: Number(number) }
  })

/** Throws a Refusal for any text that `revertValue` did not write. */
export function readRevertValue(text: unknown): Reverts {
  const read = revertValueText.safeParse(text)
  if (read.success) return read.data
  throw new Refusal('not_found', 'This button does not say what it would undo. Nothing was done; open the token again.')
}
