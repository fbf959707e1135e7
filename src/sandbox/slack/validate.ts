import { blocksOf, type Surface } from './block-rules.ts'
import { elementsOf } from './blocks.ts'
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
  type Report,
  type Rule,
  string,
  typed,
  word,
} from './rules.ts'

/** All that Slack would refuse in a view; nothing when it would take it. Pointers start at /view. */
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

/** All that Slack would refuse in a message's text and blocks. Pointers start at /blocks or /text. */
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

/** All that Slack would refuse in the answer to a `block_suggestion`. */
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

function acrossBlocks(holder: unknown, surface: Surface, pointer: string): Problem[] {
  if (!isRecord(holder) || !Array.isArray(holder.blocks)) return []
  const blocks = holder.blocks.filter(isRecord)
  const problems: Problem[] = []
  const report: Report = (at, message) => problems.push({ pointer: at, message })
  refuseRepeatedIds(blocks, pointer, report)
  refuseSecondFocus(blocks, pointer, report)
  refuseSecondTable(blocks, pointer, report)
  refuseLongTables(blocks, pointer, report)
  refuseLongMarkdown(blocks, pointer, report)
  refuseResponseUrls(blocks, surface, pointer, report)
  if (surface === 'modal') requireSubmit(holder, blocks, report)
  return problems
}

type Blocks = readonly Record<string, unknown>[]

function refuseRepeatedIds(blocks: Blocks, pointer: string, report: Report): void {
  const seen = new Set<unknown>()
  for (const [index, block] of blocks.entries()) {
    if (block.block_id !== undefined && seen.has(block.block_id)) {
      report(`${pointer}/${index}/block_id`, `block_id "${block.block_id}" already exists`)
    }
    seen.add(block.block_id)
    const actions = elementsOf(block).flatMap(({ action_id }) => (action_id === undefined ? [] : [action_id]))
    const repeated = actions.find((id, at) => actions.indexOf(id) !== at)
    if (repeated !== undefined) report(`${pointer}/${index}`, `action_id "${repeated}" already exists`)
  }
}

function tablesIn(view: unknown): Problem[] {
  if (!isRecord(view) || !Array.isArray(view.blocks)) return []
  return view.blocks.flatMap((block, index) =>
    isRecord(block) && tables.includes(String(block.type))
      ? [{ pointer: `/view/blocks/${index}/type`, message: `unsupported type: ${block.type}` }]
      : [],
  )
}

const tables = ['table', 'data_table']

function refuseSecondFocus(blocks: Blocks, pointer: string, report: Report): void {
  const focused = blocks.flatMap((block) => elementsOf(block).filter((element) => element.focus_on_load === true))
  if (focused.length > 1) report(pointer, 'only one element may have focus_on_load')
}

function refuseSecondTable(blocks: Blocks, pointer: string, report: Report): void {
  if (blocks.filter(({ type }) => tables.includes(String(type))).length > 1) report(pointer, 'only_one_table_allowed')
}

function refuseLongTables(blocks: Blocks, pointer: string, report: Report): void {
  for (const [index, block] of blocks.entries()) {
    const characters = charactersIn(block.rows)
    if (characters > LIMITS.tableCharacters) {
      report(`${pointer}/${index}/rows`, `cells must hold less than ${LIMITS.tableCharacters + 1} characters`)
    }
  }
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + charactersIn(item), 0)
  if (!isRecord(value)) return 0
  const own = typeof value.text === 'string' ? value.text.length : 0
  return own + charactersIn(value.elements)
}

function refuseLongMarkdown(blocks: Blocks, pointer: string, report: Report): void {
  const texts = blocks.flatMap((block) =>
    block.type === 'markdown' && typeof block.text === 'string' ? [block.text] : [],
  )
  const sum = texts.reduce((length, text) => length + text.length, 0)
  if (sum > LIMITS.markdown) report(pointer, `markdown must be less than ${LIMITS.markdown + 1} characters together`)
}

function refuseResponseUrls(blocks: Blocks, surface: Surface, pointer: string, report: Report): void {
  for (const [index, block] of blocks.entries()) {
    if (surface === 'modal' && block.type === 'input') continue
    if (!elementsOf(block).some((element) => element.response_url_enabled === true)) continue
    report(`${pointer}/${index}`, 'response_url_enabled is only available in input blocks of modals')
  }
}

function requireSubmit(view: Record<string, unknown>, blocks: Blocks, report: Report): void {
  if (view.submit !== undefined || !blocks.some((block) => block.type === 'input')) return
  report('/view', 'missing required field: submit')
}
