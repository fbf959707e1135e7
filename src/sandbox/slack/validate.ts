import { acrossBlocks, tables } from './across-rules.ts'
import { blocksOf } from './block-rules.ts'
import { option, optionGroup, plainText } from './composition-rules.ts'
import { LIMITS } from './limits.ts'
import {
  also,
  anything,
  exactlyOne,
  flag,
  isRecord,
  list,
  object,
  type Problem,
  type Rule,
  string,
  typed,
  word,
} from './rules.ts'

/** Everything that Slack would refuse in a view; empty if it would take it. Pointers start at /view. */
export function validateView(view: unknown, { tablesOnHome = true } = {}): Problem[] {
  const surface = isRecord(view) && view.type === 'home' ? 'home' : 'modal'
  const problems = found(surface === 'home' ? homeRule : modalRule, view, '/view')
  problems.push(...acrossBlocks(view, surface, '/view/blocks'))
  if (surface === 'home' && !tablesOnHome) problems.push(...tablesIn(view))
  const bytes = Buffer.byteLength(JSON.stringify(view) ?? '')
  if (bytes > LIMITS.viewBytes) {
    problems.push({ pointer: '/view', message: `view is ${bytes} bytes, more than 250kb`, error: 'view_too_large' })
  }
  return problems
}

/** Everything that Slack would refuse in a message's text and blocks. Pointers start at /blocks or /text. */
export function validateMessage(message: { readonly text?: unknown; readonly blocks?: unknown }): Problem[] {
  const problems: Problem[] = []
  if (message.text !== undefined) problems.push(...found(string(), message.text, '/text'))
  if (message.blocks === undefined) return problems
  const blocks = list(
    typed(() => blocksOf.message),
    { max: LIMITS.blocks.message },
  )
  problems.push(...found(blocks, message.blocks, '/blocks'))
  problems.push(...acrossBlocks(message, 'message', '/blocks'))
  return problems
}

/** Everything that Slack would refuse in the answer to a `block_suggestion`. */
export function validateSuggestions(answer: unknown): Problem[] {
  const fields = {
    options: list(option, { max: LIMITS.options }),
    option_groups: list(optionGroup, { max: LIMITS.options }),
  }
  return found(also(object({}, fields), exactlyOne('options', 'option_groups')), answer, '')
}

/** One line for a person who reads a test's failure. */
export function inWords(problems: readonly Problem[]): string {
  return problems.map((problem) => `${problem.message} [json-pointer:${problem.pointer}]`).join('; ')
}

const label = plainText(LIMITS.viewLabel)
const shared = {
  private_metadata: string({ max: LIMITS.privateMetadata }),
  callback_id: string({ max: LIMITS.id }),
  external_id: string({ max: LIMITS.id }),
}

function viewBlocks(surface: 'modal' | 'home'): Rule {
  return list(
    typed(() => blocksOf[surface]),
    { max: LIMITS.blocks[surface] },
  )
}

const modalRule = object(
  { type: word('modal'), title: label, blocks: viewBlocks('modal') },
  { ...shared, submit: label, close: label, clear_on_close: flag, notify_on_close: flag, submit_disabled: anything },
)
/** A Home has no title and no buttons of its own. */
const homeRule = object({ type: word('home'), blocks: viewBlocks('home') }, shared)

function found(rule: Rule, value: unknown, pointer: string): Problem[] {
  const problems: Problem[] = []
  rule(value, pointer, (at, message) => problems.push({ pointer: at, message }))
  return problems
}

function tablesIn(view: unknown): Problem[] {
  if (!isRecord(view) || !Array.isArray(view.blocks)) return []
  return view.blocks.flatMap((block, index) =>
    isRecord(block) && tables.includes(String(block.type))
      ? [{ pointer: `/view/blocks/${index}/type`, message: `unsupported type: ${block.type}` }]
      : [],
  )
}
