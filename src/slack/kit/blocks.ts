import type {
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  PlainTextOption,
  RichTextDate,
  RichTextText,
  RichTextUsergroupMention,
  RichTextUserMention,
} from '@slack/types'
import { visible } from '../../domain/text.ts'

/** Slack's limits, in characters unless the name says what is counted. Source: slack.md §2. */
export const limits = {
  messageBlocks: 50,
  viewBlocks: 100,
  viewTitle: 24,
  header: 150,
  text: 3000,
  input: 3000,
  hint: 2000,
  buttonText: 75,
  optionText: 75,
  optionValue: 150,
  options: 100,
  /** Ours: each approval brings one, and a card has to hold them beside all that is asked for. */
  comment: 1000,
  /** Not documented: as much as anybody reads below an input. */
  error: 500,
  /** `chat.update` refuses a `text` over 4,000; the rest is room to be wrong in. */
  fallback: 3900,
} as const

/** What is said in a message: `text` is the whole of it for those who can't see the blocks. */
export type Message = { readonly text: string; readonly blocks: KnownBlock[] }

/** Cuts between code points, never inside one, so that no more than `max` UTF-16 units are left, the "…" included. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const end = Math.max(0, isPair(text, max - 2) ? max - 2 : max - 1)
  return `${text.slice(0, end)}…`
}

/** The same text in parts of at most `size` UTF-16 units, cut between code points. An empty text has no parts. */
export function chunks(text: string, size: number = limits.text): string[] {
  const parts: string[] = []
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + size, text.length)
    if (end - 1 > start && isPair(text, end - 1)) end--
    parts.push(text.slice(start, end))
  }
  return parts
}

/** Whether the UTF-16 units at `index` and after it are one code point. */
function isPair(text: string, index: number): boolean {
  return text.codePointAt(index)! > 0xffff
}

/** Text that has to stay on one line: a newline is spelled out like any other character that nobody sees. */
export function oneLine(text: string): string {
  return visible(text).replaceAll('\n', '⟨U+000A⟩')
}

/** Slack refuses empty text, and nobody can see a blank one. */
export function orBlank(text: string): string {
  return text.trim() === '' ? '(blank)' : text
}

/** A line of at most `max` characters. Spelling out makes no text shorter, so no more of it is read than has room. */
export function shortLine(text: string, max: number): string {
  const start = oneLine(text.slice(0, max + 1))
  return clip(start.trim() === '' ? orBlank(oneLine(text)) : start, max)
}

/** Letters that run from right to left, by the blocks of Unicode that are kept for them. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/**
 * A text that has been made visible, as one thing to whoever lays the line out: between two of them, letters from right to left
 * would turn an arrow round.
 */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text
}

/**
 * For `text`, which Slack reads as mrkdwn: escaping these three is what keeps `<!channel>`, `<@U1>` and links from
 * meaning anything. Source: slack.md §5.6.
 */
export function escaped(text: string): string {
  return isolated(oneLine(text)).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `emoji: false`: else `:x:` in somebody's text would become a picture. */
export function plainText(text: string, max: number = limits.text): PlainTextElement {
  return { type: 'plain_text', text: shortLine(text, max), emoji: false }
}

export function personMention(id: string): RichTextUserMention {
  return { type: 'user', user_id: id }
}

export function groupMention(id: string): RichTextUsergroupMention {
  return { type: 'usergroup', usergroup_id: id }
}

const dateFormat = '{date_short_pretty} at {time}'
export const toTheSecond = '{date_short_pretty} at {time_secs}'

/** An instant as the reader's own clock has it. */
export function date(iso: string, format: string = dateFormat): RichTextDate | RichTextText {
  const seconds = secondsOf(iso)
  if (seconds === null) return { type: 'text', text: orBlank(oneLine(iso)) }
  return { type: 'date', timestamp: seconds, format, fallback: inUtc(iso, format) }
}

/** The same for `text`. */
export function dateInText(iso: string, format: string = dateFormat): string {
  const seconds = secondsOf(iso)
  return seconds === null ? escaped(iso) : `<!date^${seconds}^${format}|${inUtc(iso, format)}>`
}

function secondsOf(iso: string): number | null {
  const milliseconds = Date.parse(iso)
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}

function inUtc(iso: string, format: string): string {
  return `${new Date(iso)
    .toISOString()
    .slice(0, format === toTheSecond ? 19 : 16)
    .replace('T', ' ')} UTC`
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text, limits.header) }
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [plainText(text)] }
}

export function option(text: string, value: string): PlainTextOption {
  return { text: plainText(text, limits.optionText), value }
}

type ButtonSpec = { text: string; action: string; value?: string; label?: string; style?: 'primary' | 'danger' }

/** `label` is what a screen reader says, where several buttons have the same text. */
export function button({ text, action, value, label, style }: ButtonSpec): Button {
  return {
    type: 'button',
    text: plainText(text, limits.buttonText),
    action_id: action,
    ...(value !== undefined && { value }),
    ...(label !== undefined && { accessibility_label: clip(oneLine(label), limits.buttonText) }),
    ...(style && { style }),
  }
}

/** `1 approval`, `2 approvals` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${inDigits(n)} ${n === 1 ? one : many}`
}

/** `toLocaleString` takes longer than all else about a line, and is needed for what has a comma in it. */
function inDigits(n: number): string {
  return Number.isInteger(n) && n >= 0 && n < 1000 ? String(n) : n.toLocaleString('en')
}
