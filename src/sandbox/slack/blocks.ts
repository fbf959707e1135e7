import { randomBytes } from 'node:crypto'
import { copied } from '../copy.ts'
import { statefulElements } from './elements.ts'
import type { Block, Element } from './protocol.ts'
import { isRecord } from './rules.ts'

type Loose = Record<string, unknown>

const stateless = ['button', 'overflow', 'workflow_button', 'icon_button', 'feedback_buttons']
const interactive = new Set([...stateless, ...Object.keys(statefulElements)])
const holders = ['elements', 'actions', 'child_blocks']

/** The interactive elements of a block, including those inside cards and containers. */
export function elementsOf(block: Loose): Loose[] {
  const several = holders.flatMap((name) => (Array.isArray(block[name]) ? (block[name] as unknown[]) : []))
  const parts = [block.accessory, block.element, ...several].filter(isRecord)
  return parts.flatMap((part) => (interactive.has(String(part.type)) ? [part] : elementsOf(part)))
}

/**
 * The blocks, with made-up ids for those the app left out: new ones each time, as at Slack. Markdown blocks have none.
 */
export function withIds(blocks: readonly unknown[]): Block[] {
  return blocks.map((block) => {
    const copy = copied(block) as Loose
    if (copy.type === 'markdown') delete copy.block_id
    copy.block_id ??= madeUpId()
    for (const element of elementsOf(copy)) element.action_id ??= madeUpId()
    return copy as Block
  })
}

function madeUpId(): string {
  return randomBytes(4).toString('base64').slice(0, 5)
}

export type Place = { readonly block: Block; readonly element: Element }

/** Every element of blocks that went through `withIds`, and its block. */
export function places(blocks: readonly Block[]): Place[] {
  return blocks.flatMap((block) => elementsOf(block).map((element) => ({ block, element: element as Element })))
}
