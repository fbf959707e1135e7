import type { Surface } from './block-rules.ts'
import { elementsOf } from './blocks.ts'
import { LIMITS } from './limits.ts'
import { isRecord, type Problem, type Report } from './rules.ts'

/** A message may hold one of these. */
export const tables = ['table', 'data_table']

/** Problems that no single block shows: those between the blocks of a view or a message. */
export function acrossBlocks(holder: unknown, surface: Surface, pointer: string): Problem[] {
  if (!isRecord(holder) || !Array.isArray(holder.blocks)) return []
  const blocks = holder.blocks.filter(isRecord)
  const problems: Problem[] = []
  const report: Report = (at, message, error) => problems.push({ pointer: at, message, ...(error && { error }) })
  refuseRepeatedIds(blocks, pointer, report)
  refuseSecondFocus(blocks, pointer, report)
  refuseSecondTable(blocks, surface, pointer, report)
  refuseSecondPlan(blocks, pointer, report)
  if (surface !== 'modal') refuseFileInputs(blocks, pointer, report)
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

function refuseSecondFocus(blocks: Blocks, pointer: string, report: Report): void {
  const focused = blocks.flatMap((block) => elementsOf(block).filter((element) => element.focus_on_load === true))
  if (focused.length > 1) report(pointer, 'only one element may have focus_on_load')
}

/** In a message, Slack words it as if the table were an attachment (slack.md §2). */
function refuseSecondTable(blocks: Blocks, surface: Surface, pointer: string, report: Report): void {
  if (blocks.filter(({ type }) => tables.includes(String(type))).length < 2) return
  report(pointer, 'only_one_table_allowed', surface === 'message' ? 'invalid_attachments' : undefined)
}

function refuseSecondPlan(blocks: Blocks, pointer: string, report: Report): void {
  if (blocks.filter(({ type }) => type === 'plan').length > 1) report(pointer, 'only one plan is allowed')
}

function refuseFileInputs(blocks: Blocks, pointer: string, report: Report): void {
  for (const [index, block] of blocks.entries()) {
    if (!elementsOf(block).some(({ type }) => type === 'file_input')) continue
    report(`${pointer}/${index}/element`, 'file_input is only available in modals')
  }
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
