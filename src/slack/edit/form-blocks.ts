import { z } from 'zod'
import { visible } from '../../domain/text.ts'
import type { Module } from '../../domain/token/token.ts'
import { clip, oneLine } from '../../words/text.ts'
import { limits } from '../kit/blocks.ts'
import { fitsOption } from '../kit/options.ts'
import { type FormState, modulesOf, type TextKey, textFields, textKeys, textsOf } from './form-state.ts'

/** An input of the form. */
export type Part =
  | Exclude<keyof FormState, 'modules'>
  | `module.${Module}`
  | 'addModule'
  | `branches.${number}`
  | `aliases.${number}`
export type TextPart = TextKey | 'reason' | 'readRate' | 'writeRate'

/**
 * The block of an input. Slack keeps what was typed as long as the id stays the same, so an input starts afresh under
 * another id if the token has moved there. Source: slack.md §2 (views.update).
 */
export function blockId(part: Part, afresh: Readonly<Record<string, number>>): string {
  const [whole] = /^(branches|aliases)(?=\.)/.exec(part) ?? [part]
  return `${part}:${1 + (afresh[whole] ?? 0)}`
}

/**
 * The day that the input shows is in its id: a press on a view that is behind must not take back a day that another
 * press has set.
 */
export function dateBlockId(date: string | null): string {
  return `date:${digitsOf(date)}`
}

function digitsOf(date: string | null): string {
  return date === null ? '0' : date.replaceAll('-', '')
}

/** 0.2.0 called access to the whole stack otherwise, and a form may have been open since. */
function partOf(blockId: string): string {
  const part = blockId.slice(0, blockId.lastIndexOf(':'))
  return part === 'whole' ? 'everything' : part
}

/** The text an input opens with: nothing in it that the requester can't see. */
export function shown(part: TextPart, form: FormState): string {
  return ofLines.has(part) ? visible(form[part]) : oneLine(form[part])
}

const ofLines: ReadonlySet<TextPart> = new Set([
  ...textKeys.filter((key) => 'multiline' in textFields[key]),
  'reason' as const,
])

/** A live value too long for any input can't be edited in Slack; it is never cut. */
export function fitsInput(part: TextKey, form: FormState): boolean {
  return shown(part, form).length <= limits.input
}

const choice = z.looseObject({ value: z.string() })
const input = z.looseObject({
  value: z.string().nullish(),
  selected_option: choice.nullish(),
  selected_options: z.array(choice).nullish(),
  selected_date: z.string().nullish(),
})
export const viewValues = z.record(z.string(), z.record(z.string(), input))
type Input = z.infer<typeof input> & { readonly block: string }

/** The day that each block said when it was last read. */
type Days = Readonly<Record<string, string | null>>

/**
 * The form after what was typed and chosen (`view.state.values`); parts that are not on the screen stay as they were.
 */
export function readForm(values: unknown, previous: FormState, days: Days = {}): FormState {
  const inputs = readInputs(values)
  const typed = (part: TextPart) => {
    const found = inputs.get(part)
    const text = found?.value ?? ''
    return found === undefined || text === shown(part, previous) ? previous[part] : text
  }
  const chosen = <T extends string>(part: Part, from: z.ZodType<T>, before: T): T => {
    const found = from.safeParse(inputs.get(part)?.selected_option?.value)
    return found.success ? found.data : before
  }
  const added = inputs.get('addModule')?.selected_option?.value
  const notice = inputs.get('emailNotice')
  return {
    ...textsOf(typed),
    branches: names('branches', inputs, previous),
    aliases: names('aliases', inputs, previous),
    everything: chosen('everything', access, previous.everything),
    modules: modulesOf((module) => {
      const found = chosen(`module.${module}`, access, previous.modules[module])
      return module === added && found === 'none' ? 'read' : found
    }),
    expiry: chosen('expiry', expiry, previous.expiry),
    date: dayIn(inputs.get('date'), previous, days),
    emailNotice: notice === undefined ? previous.emailNotice : (notice.selected_options ?? []).length > 0,
    rates: chosen('rates', rates, previous.rates),
    readRate: typed('readRate'),
    writeRate: typed('writeRate'),
    reason: typed('reason'),
  }
}

const access = z.enum(['none', 'read', 'write'])
const expiry = z.enum(['never', 'date'])
const rates = z.enum(['organisation', 'custom'])

function readInputs(values: unknown): Map<string, Input> {
  return new Map(
    Object.entries(viewValues.parse(values)).flatMap(([id, byAction]) =>
      Object.values(byAction).map((found): [string, Input] => [partOf(id), { ...found, block: id }]),
    ),
  )
}

/** A day that is still the one the block was drawn with, or said before, is not chosen anew. */
function dayIn(input: Input | undefined, { date }: FormState, days: Days): string | null {
  if (input === undefined) return date
  const { block, selected_date: chosen = null } = input
  const said = days[block]
  const isChosen = said === undefined ? block !== dateBlockId(chosen) : said !== chosen
  return isChosen ? chosen : date
}

/** The days that a view says, by block. */
export function daysIn(values: unknown): Days {
  const day = readInputs(values).get('date')
  return day === undefined ? {} : { [day.block]: day.selected_date ?? null }
}

/** The pick in the list of modules; null if that is not in sight. */
export function pickIn(values: unknown): { readonly block: string; readonly target: string | null } | null {
  const pick = readInputs(values).get('addModule')
  return pick === undefined ? null : { block: pick.block, target: pick.selected_option?.value ?? null }
}

/** Chosen in one select, or in several if the token names more than fit into one. */
function names(part: 'branches' | 'aliases', inputs: Map<string, Input>, previous: FormState): readonly string[] {
  const selects = [...inputs].filter(([found]) => found === part || found.startsWith(`${part}.`))
  if (selects.length === 0) return previous[part]
  const chosen = selects.flatMap(([, { selected_options }]) => (selected_options ?? []).map(({ value }) => value))
  return [...new Set([...chosen, ...previous[part].filter((name) => !fitsOption(name))])]
}

/** Where an error shows if its own input is not on the screen, nearest first. */
const standIns: Partial<Record<string, readonly Part[]>> = {
  permissions: ['everything', 'addModule'],
  everything: ['addModule'],
  modules: ['everything', 'addModule'],
  expiresOn: ['date', 'expiry', 'emailNotice'],
  date: ['expiry', 'emailNotice'],
  readRate: ['rates'],
  writeRate: ['rates'],
}

/** The parts whose input is on the screen, by `view.state.values`. */
export function partsIn(values: unknown): ReadonlySet<string> {
  return new Set(Object.keys(viewValues.parse(values)).map(partOf))
}

/**
 * Errors of `settingsOf` or of the field rules, each by the block that shows it. `values` are the view's own
 * (`view.state.values`), which name every input on the screen: Slack takes errors for no others. Source: slack.md
 * §1.3.8.
 */
export function fieldErrors(
  errors: Readonly<Record<string, string | undefined>>,
  values: unknown,
): Record<string, string> {
  const ids = new Map(Object.keys(viewValues.parse(values)).map((id) => [partOf(id), id]))
  const found: Record<string, string> = {}
  for (const [field, message] of Object.entries(errors)) {
    const part = [field, ...(standIns[field] ?? []), 'reason'].find((part) => ids.has(part))
    if (message === undefined || part === undefined) continue
    const id = ids.get(part)!
    found[id] = clip(found[id] === undefined ? visible(message) : `${found[id]} ${visible(message)}`, limits.error)
  }
  return found
}
