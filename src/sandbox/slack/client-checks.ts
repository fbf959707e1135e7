import { statefulElements } from './elements.ts'
import type { Block, Element, StateValues } from './protocol.ts'
import { isRecord } from './rules.ts'

/** The errors that Slack's own client shows at the fields before it sends a modal, by block id; the words are ours. */
export function clientErrors(blocks: readonly Block[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const block of blocks) {
    if (block.type !== 'input' || !isRecord(block.element)) continue
    const element = block.element as Element
    const kind = statefulElements[element.type]
    const value = kind && values[block.block_id]?.[element.action_id]?.[kind.field]
    const error = isEmpty(value)
      ? block.optional !== true && 'Please complete this required field.'
      : wrong(element, value)
    if (error) errors[block.block_id] = error
  }
  return errors
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

function wrong(element: Element, value: unknown): string | null {
  if (typeof value !== 'string') return null
  switch (element.type) {
    case 'plain_text_input':
      return wrongLength(element, value.length)
    case 'number_input':
      return wrongNumber(element, value)
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+$/.test(value) ? null : 'Please enter a valid email address.'
    case 'url_text_input':
      return URL.canParse(value) ? null : 'Please enter a valid URL.'
    default:
      return null
  }
}

function wrongLength({ min_length, max_length }: Element, length: number): string | null {
  if (min_length !== undefined && length < Number(min_length)) return `Please enter at least ${min_length} characters.`
  if (max_length !== undefined && length > Number(max_length)) return `Please enter at most ${max_length} characters.`
  return null
}

function wrongNumber({ is_decimal_allowed, min_value, max_value }: Element, value: string): string | null {
  const number = Number(value)
  if (Number.isNaN(number)) return 'Please enter a number.'
  if (is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.'
  if (min_value !== undefined && number < Number(min_value)) return `Please enter at least ${min_value}.`
  if (max_value !== undefined && number > Number(max_value)) return `Please enter at most ${max_value}.`
  return null
}
