import { places } from './blocks.ts'
import { sameOption, statefulElements } from './elements.ts'
import type { Block, Element, StateValue, StateValues } from './protocol.ts'
import { isRecord } from './rules.ts'

/** The values that a person typed or chose on one surface, and nothing else: initial values are the blocks' own. */
export type Typed = {
  set(blockId: string, actionId: string, value: StateValue): void
  get(blockId: string, actionId: string): StateValue | undefined
  /** `state.values` as Slack sends them: every element that keeps a value, typed or initial. */
  values(blocks: readonly Block[]): StateValues
  /** Keeps the values that still have a place in these blocks; forgets the rest, so that initial values apply. */
  keepFor(blocks: readonly Block[]): void
}

export function createTyped(): Typed {
  const kept = new Map<string, StateValue>()
  const key = (blockId: string, actionId: string) => JSON.stringify([blockId, actionId])

  return {
    set: (blockId, actionId, value) => void kept.set(key(blockId, actionId), value),
    get: (blockId, actionId) => kept.get(key(blockId, actionId)),
    values(blocks) {
      const values: StateValues = {}
      for (const { block, element } of places(blocks)) {
        const initial = initialValue(element)
        if (!initial) continue
        const own = kept.get(key(block.block_id, element.action_id))
        values[block.block_id] ??= {}
        values[block.block_id]![element.action_id] = own && stillFits(element, own) ? own : initial
      }
      return values
    },
    keepFor(blocks) {
      const fitting = places(blocks).filter(({ block, element }) => {
        const own = kept.get(key(block.block_id, element.action_id))
        return own !== undefined && stillFits(element, own)
      })
      const keys = new Set(fitting.map(({ block, element }) => key(block.block_id, element.action_id)))
      for (const one of [...kept.keys()]) if (!keys.has(one)) kept.delete(one)
    },
  }
}

/** The value an element starts with; undefined if it keeps none. */
export function initialValue(element: Element): StateValue | undefined {
  const kind = statefulElements[element.type]
  if (!kind) return undefined
  return { type: element.type, [kind.field]: element[kind.initial] ?? (kind.many ? [] : null) }
}

/** True if a value belongs to this element: it has its type, and options that it still offers. */
function stillFits(element: Element, value: StateValue): boolean {
  if (value.type !== element.type) return false
  const offered = offeredOptions(element)
  if (!offered) return true
  const chosen = [value.selected_option, value.selected_options].flat().filter(isRecord)
  return chosen.every((option) => offered.some((one) => sameOption(one, option)))
}

/** The options in the element itself; undefined if they come from elsewhere. */
export function offeredOptions(element: Element): Record<string, unknown>[] | undefined {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isRecord) : [element]
  const lists = groups.map((group) => group.options)
  if (!lists.some(Array.isArray)) return undefined
  return lists.flat().filter(isRecord)
}
