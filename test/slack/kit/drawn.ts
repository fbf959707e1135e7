import type { Change } from '../../../src/domain/change/change.ts'
import type { StoredChange } from '../../../src/ports/changes.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Part = { [key: string]: Json }

export function stored(change: Change): StoredChange {
  return { change, seq: 1, card: null, cardInDoubt: false, told: null }
}

/** Every object anywhere in a drawing, starting from the top. */
export function parts(drawn: unknown): Part[] {
  const found: Part[] = []
  collect(drawn as Json, found)
  return found
}

function collect(value: Json | undefined, found: Part[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found)
  else if (typeof value === 'object' && value !== null) {
    found.push(value)
    for (const key in value) collect(value[key], found)
  }
}

/** The text that a person reads in it, with `@U…` for a mention, one line for each block, quote, value and label. */
export function reading(drawn: unknown): string {
  return parts(drawn).flatMap(read).join('').replace(/\n+/g, '\n').trim()
}

function read(part: Part): string[] {
  switch (part.type) {
    case 'plain_text':
      return ['\n', String(part.text), '\n']
    case 'text':
      return [String(part.text)]
    case 'link':
      return [`[${part.text}](${part.url})`]
    case 'usergroup':
      return [`@${part.usergroup_id}`]
    case 'user':
      return [`@${part.user_id}`]
    case 'date':
      return [String(part.fallback)]
    case 'rich_text_section':
    case 'rich_text_quote':
    case 'rich_text_preformatted':
      return ['\n']
    default:
      return []
  }
}

/** The action ids of all buttons, in order. */
export function buttonsIn(drawn: unknown): string[] {
  return parts(drawn).flatMap((part) => {
    if (part.type === 'button') return [String(part.action_id)]
    return part.type === 'overflow' ? optionsOf(part).map(({ value }) => value.split(' ')[0]!) : []
  })
}

type InputBlock = { block_id: string; element: { [key: string]: Json }; label: { text: string }; [key: string]: Json }

/** The inputs of a modal by block id without the generation. */
export function inputsIn(drawn: unknown): Map<string, InputBlock> {
  return new Map(
    parts(drawn).flatMap((part) =>
      part.type === 'input' ? [[String(part.block_id).replace(/:\d+$/, ''), part as InputBlock] as const] : [],
    ),
  )
}

/** `view.state.values` as Slack sends them if nobody has touched the form. */
export function untouched(drawn: unknown): Record<string, Record<string, Record<string, Json>>> {
  return Object.fromEntries(
    [...inputsIn(drawn).values()].map(({ block_id, element }) => [
      block_id,
      { [String(element.action_id)]: stateOf(element) },
    ]),
  )
}

function stateOf(element: Part): Part {
  const type = String(element.type)
  if (type === 'datepicker') return { type, selected_date: element.initial_date ?? null }
  if (type.startsWith('multi_') || type === 'checkboxes')
    return { type, selected_options: element.initial_options ?? [] }
  if (type === 'static_select' || type === 'radio_buttons' || type === 'external_select')
    return { type, selected_option: element.initial_option ?? null }
  return { type, value: element.initial_value ?? null }
}

function optionsOf(part: Part): { value: string }[] {
  return part.options as unknown as { value: string }[]
}
