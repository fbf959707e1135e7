import type { KnownBlock } from '@slack/types'
import { accessInWords, moduleInWords } from '../../domain/token/access.ts'
import { isModule, type Module, modules } from '../../domain/token/token.ts'
import { keptEntries } from '../../words/fields.ts'
import { line } from '../../words/pieces.ts'
import { actions } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { selectInput } from './form-inputs.ts'
import { formStateOf } from './form-state.ts'
import { drawnOf, type Opened } from './opened.ts'

/** Access is given to the whole stack, or to one module. */
export type Target = 'everything' | Module

/** Says what the token may do, and gives a list to pick from, and a choice for whatever was picked. */
export function accessInputs(opened: Opened): KnownBlock[] {
  const { draft, form } = opened
  const kept = pack([keptEntries({ otherScope: draft.before.otherScope })], 20)
  if (form.everything !== 'none') return [wholeStack(opened), ...kept]
  const picked = pickedOf(opened)
  return [
    ...pack([heldInLines(opened, picked)], 1),
    ...picked.map((one) => (one === 'everything' ? wholeStack(opened) : moduleInput(opened, one))),
    pickInput(opened, picked),
    ...kept,
  ]
}

function wholeStack(opened: Opened): KnownBlock {
  return selectInput(drawnOf(opened), {
    part: 'everything',
    label: 'Access to the whole stack',
    action: actions.everything,
    redraws: true,
    choices: {
      none: 'No whole-stack access: choose per module',
      read: 'Read everything',
      write: 'Read and write everything',
    },
    chosen: opened.form.everything,
  })
}

function moduleInput(opened: Opened, module: Module): KnownBlock {
  return selectInput(drawnOf(opened), {
    part: `module.${module}`,
    label: moduleInWords(module),
    action: actions.module,
    choices: { none: 'No access', read: 'Read', write: 'Read and write' },
    chosen: opened.form.modules[module],
  })
}

/** Modules that the token may read or write stand first: they can be changed, all others can be added. */
function pickInput(opened: Opened, picked: readonly Target[]): KnownBlock {
  const { modules: access } = opened.form
  const others = modules.filter((module) => !picked.includes(module))
  const held = others.filter((module) => access[module] !== 'none')
  const named = [...held, ...others.filter((module) => !held.includes(module))].map((module) => {
    const has = access[module] === 'none' ? '' : ` (${accessInWords(access[module])})`
    return [module, `${moduleInWords(module)}${has}`]
  })
  const whole = picked.includes('everything') ? [] : [['everything', 'The whole stack']]
  return selectInput(drawnOf(opened), {
    part: 'addModule',
    label: held.length > 0 ? 'Add or change a module…' : 'Add a module…',
    action: actions.addModule,
    redraws: true,
    optional: true,
    placeholder: 'Choose a module',
    choices: Object.fromEntries([...named, ...whole]),
    chosen: '',
  })
}

function heldInLines({ form, draft }: Opened, picked: readonly Target[]) {
  const had = formStateOf(draft.before).modules
  const isAsked = (module: Module) => form.modules[module] !== had[module] && form.modules[module] !== 'none'
  const named = (label: string, isIn: (module: Module) => boolean) => {
    const found = modules.filter((module) => isIn(module) && !picked.includes(module))
    const names = found.map((module) => `${moduleInWords(module)}${isAsked(module) ? ' (changed)' : ''}`)
    return found.length === 0 ? [] : [line({ strong: label }, `: ${names.join(', ')}`)]
  }
  return [
    ...named('Reads and writes', (module) => form.modules[module] === 'write'),
    ...named('Reads', (module) => form.modules[module] === 'read'),
    ...named('Loses access', (module) => form.modules[module] === 'none' && had[module] !== 'none'),
  ]
}

/** More would not fit beside the other inputs of a form. */
const mostPicked = 3

/** The last picks, and whatever is asked to change. */
function pickedOf({ form, draft, open = [] }: Opened): Target[] {
  const had = formStateOf(draft.before)
  const picked = open.flatMap((one) => pickedIn(one) ?? []).reverse()
  const changed = modules.filter((module) => form.modules[module] !== had.modules[module])
  const whole = had.everything === 'none' ? [] : (['everything'] as const)
  const inSight = new Set([...new Set<Target>([...picked, ...whole, ...changed])].slice(0, mostPicked))
  return [...modules, 'everything' as const].filter((one) => inSight.has(one))
}

export function isTarget(text: string): text is Target {
  return text === 'everything' || isModule(text)
}

const prefix = 'picked.'

/** How a pick is kept among the open groups. */
export function pick(target: Target): string {
  return `${prefix}${target}`
}

function pickedIn(open: string): Target | null {
  const target = open.slice(prefix.length)
  return open.startsWith(prefix) && isTarget(target) ? target : null
}
