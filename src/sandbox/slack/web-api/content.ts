import { LIMITS } from '../limits.ts'
import { isRecord } from '../rules.ts'
import { validateMessage } from '../validate.ts'
import { type Answer, no, refuse } from './answer.ts'

export type Content = { readonly text: string; readonly blocks: readonly unknown[]; readonly metadata: unknown }

/** A message's content, or Slack's refusal of it. */
export function readContent(args: Readonly<Record<string, unknown>>): Content | { readonly refused: Answer } {
  const { blocks = [], metadata } = args
  const text = args.text === undefined || args.text === null ? '' : String(args.text)
  if (!Array.isArray(blocks)) return { refused: no('invalid_blocks_format') }
  if (text === '' && blocks.length === 0) return { refused: no('no_text') }
  const problems = validateMessage({ text, blocks })
  if (problems.length > 0) return { refused: refuse('invalid_blocks', problems) }
  if (metadata !== undefined && !isMetadata(metadata)) return { refused: no('invalid_metadata_format') }
  return { text: text.slice(0, LIMITS.messageText), blocks, metadata }
}

function isMetadata(value: unknown): boolean {
  return isRecord(value) && typeof value.event_type === 'string' && isRecord(value.event_payload)
}
