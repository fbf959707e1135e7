import type {
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  Overflow,
  PlainTextElement,
  PlainTextOption,
  RichTextDate,
  RichTextText,
  RichTextUsergroupMention,
  RichTextUserMention,
} from '@slack/types'
import { inUtc, secondsOf } from '../../words/instants.ts'
import { clip, isolated, oneLine, shortLine } from '../../words/text.ts'

/** Slack's limits, in characters unless the name says what they count. Source: slack.md §2. */
export const limits = {
  messageBlocks: 50,
  viewBlocks: 100,
  viewTitle: 24,
  header: 150,
  text: 3000,
  input: 3000,
  hint: 2000,
  placeholder: 150,
  buttonText: 75,
  buttonValue: 2000,
  optionText: 75,
  optionValue: 150,
  options: 100,
  /** Not documented: as much as anybody reads below an input. */
  error: 500,
  /** `chat.update` refuses a `text` over 4,000; the rest is a margin for error. */
  fallback: 3900,
} as const

/** A message: `text` is all of it for people who can't see the blocks. */
export type Message = { readonly text: string; readonly blocks: KnownBlock[] }

/**
 * For `text`, which Slack reads as mrkdwn: escaping these three keeps `<!channel>`, `<@U1>` and links from meaning
 * anything. Source: slack.md §5.6.
 */
export function escaped(text: string): string {
  return isolated(oneLine(text)).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `emoji: false`: otherwise `:x:` in somebody's text would become a picture. */
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
const formatToTheSecond = '{date_short_pretty} at {time_secs}'

/** An instant, by the reader's own clock. */
export function date(iso: string, toTheSecond = false): RichTextDate | RichTextText {
  const seconds = secondsOf(iso)
  const fallback = inUtc(iso, toTheSecond)
  if (seconds === null) return { type: 'text', text: fallback }
  return { type: 'date', timestamp: seconds, format: toTheSecond ? formatToTheSecond : dateFormat, fallback }
}

/** The same for `text`. */
export function dateInText(iso: string, toTheSecond = false): string {
  const seconds = secondsOf(iso)
  const format = toTheSecond ? formatToTheSecond : dateFormat
  return seconds === null ? escaped(iso) : `<!date^${seconds}^${format}|${inUtc(iso, toTheSecond)}>`
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

/** A menu of what else can be done, five things at most. What is chosen comes as `action` with the option's `value`. */
export function overflow(action: string, options: readonly PlainTextOption[]): Overflow {
  return { type: 'overflow', action_id: action, options: [...options] }
}

type ButtonSpec = { text: string; action: string; value?: string; label?: string; style?: 'primary' | 'danger' }

/** A screen reader says `label`, for when several buttons have the same text. */
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
