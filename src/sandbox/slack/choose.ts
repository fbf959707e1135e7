import { type ElementKind, statefulElements } from './elements.ts'
import type { Choice, Element, Option, StateValue } from './protocol.ts'
import { isRecord } from './rules.ts'
import { initialValue, offeredOptions } from './typed.ts'
import type { Workspace } from './workspace.ts'

/** `suggested`: the options that an external select last offered this person. */
export type Chooser = { readonly workspace: Workspace; readonly suggested: readonly Option[] }

/** The element's value after that choice. Throws a plain sentence for a choice that a person could not make. */
export function choose(chooser: Chooser, element: Element, choice: Choice): StateValue {
  const kind = statefulElements[element.type]
  if (!kind) throw new Error(`${element.action_id} is a ${element.type}: it keeps no value to choose.`)
  if (choice === null) return { type: element.type, [kind.field]: kind.many ? [] : null }
  const chosen = typeof choice === 'string' ? [choice] : [...choice]
  if (!kind.many && chosen.length !== 1) throw new Error(`${element.action_id} takes one value, not ${chosen.length}.`)
  const limit = Number(element.max_selected_items ?? Number.POSITIVE_INFINITY)
  if (chosen.length > limit)
    throw new Error(`${element.action_id} takes at most ${limit} values, not ${chosen.length}.`)
  const values = chosen.map((one) => pick(chooser, element, kind, one))
  return { type: element.type, [kind.field]: kind.many ? values : values[0] }
}

/** The option of an element with that value, as it was offered. */
export function pickOption(element: Element, value: string, suggested: readonly Option[]): Record<string, unknown> {
  const offered = offeredOptions(element) ?? [...suggested, ...initialOptions(element)]
  const option = offered.find((one) => one.value === value)
  if (option) return option
  const values = offered.map((one) => one.value).join(', ') || 'nothing'
  throw new Error(`${element.action_id} does not offer ${JSON.stringify(value)}. It offers: ${values}.`)
}

function initialOptions(element: Element): Record<string, unknown>[] {
  const initial = initialValue(element)
  return [initial?.selected_option, initial?.selected_options].flat().filter(isRecord)
}

function pick({ workspace, suggested }: Chooser, element: Element, kind: ElementKind, value: string): unknown {
  const { people, channels, room } = workspace.directory
  switch (kind.picks) {
    case 'option':
      return pickOption(element, value, suggested)
    case 'person':
      return known(people.has(value), element, value)
    case 'conversation':
      return known(element.type.includes('channels') ? channels.has(value) : room(value) !== undefined, element, value)
    case 'date':
      return known(/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)), element, value)
    case 'time':
      return known(/^([01]\d|2[0-3]):[0-5]\d$/.test(value), element, value)
    case 'seconds':
      return Number(known(/^\d{10}$/.test(value), element, value))
    case 'rich text':
      return richText(value)
    case 'text':
      return value === '' ? null : value
    case 'file':
      throw new Error(`${element.action_id} takes files, which this workspace has none of.`)
  }
}

function known(isKnown: boolean, element: Element, value: string): string {
  if (isKnown) return value
  throw new Error(`${element.action_id} is a ${element.type}, where ${JSON.stringify(value)} can't be chosen.`)
}

function richText(text: string) {
  const elements = [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }]
  return { type: 'rich_text', elements }
}
