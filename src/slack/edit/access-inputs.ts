import type { KnownBlock } from '@slack/types'
import { givesAccess } from '../../domain/policy/choices.ts'
import { accessInWords, moduleInWords } from '../../domain/token/access.ts'
import { isModule, type Module, modules } from '../../domain/token/token.ts'
import { keptEntries } from '../../words/fields.ts'
import { line } from '../../words/pieces.ts'
import { actions } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { selectInput } from './form-inputs.ts'
import { formStateOf } from './form-state.ts'
import { drawnOf, type Opened } from './opened.ts'
import { notOffered, type RefusedChoice, whyRefused } from './refused-choices.ts'

/** Access is given to the whole stack, or to one module. */
export type Target = 'everything' | Module

/** Says what the token may do, and gives a list to pick from, and a choice for whatever was picked. */
export function accessInputs(opened: Opened): KnownBlock[] {
  const { draft, form } = opened
  const kept = pack([keptEntries({ otherScope: draft.before.otherScope })], 20)
  const refused = notOffered(refusedAccess(opened))
  if (form.everything !== 'none') return [wholeStack(opened), ...refused, ...kept]
  const picked = pickedOf(opened)
  return [
    ...pack([heldInLines(opened, picked)], 1),
    ...picked.map((one) => (one === 'everything' ? wholeStack(opened) : moduleInput(opened, one))),
    ...(picked.length < targets.filter((one) => isOffered(opened, one)).length ? [pickInput(opened, picked)] : []),
    ...refused,
    ...kept,
  ]
}

/** True if there is any, without drawing them. */
export function hasAccessInputs(opened: Opened): boolean {
  const { everything } = opened.form
  return everything !== 'none' || pickedOf(opened).length > 0 || targets.some((one) => isOffered(opened, one))
}

function wholeStack(opened: Opened): KnownBlock {
  return selectInput(drawnOf(opened), {
    part: 'everything',
    label: 'Access to the whole stack',
    action: actions.everything,
    redraws: true,
    choices: allowed(opened, 'everything', {
      none: 'No whole-stack access: choose per module',
      read: 'Read everything',
      write: 'Read and write everything',
    }),
    chosen: opened.form.everything,
  })
}

function moduleInput(opened: Opened, module: Module): KnownBlock {
  return selectInput(drawnOf(opened), {
    part: `module.${module}`,
    label: moduleInWords(module),
    action: actions.module,
    choices: allowed(opened, module, { none: 'No access', read: 'Read', write: 'Read and write' }),
    chosen: opened.form.modules[module],
  })
}

type AccessChoices = Readonly<Record<'none' | 'read' | 'write', string>>

/** A choice that is made already stays, even if it can only be refused: nothing is taken back unseen. */
function allowed(opened: Opened, to: Target, choices: AccessChoices): Readonly<Record<string, string>> {
  const chosen = to === 'everything' ? opened.form.everything : opened.form.modules[to]
  const isAllowed = (access: string) =>
    access === 'none' || access === chosen || whyNoAccess(opened, to, access as 'read' | 'write') === null
  return Object.fromEntries(Object.entries(choices).filter(([access]) => isAllowed(access)))
}

/** True if there is something to choose. */
function isOffered(opened: Opened, to: Target): boolean {
  return Object.keys(allowed(opened, to, { none: '', read: '', write: '' })).length > 1
}

function whyNoAccess(opened: Opened, to: Target, access: 'read' | 'write') {
  return whyRefused(opened, givesAccess(opened.draft.before, to, access))
}

const targets: readonly Target[] = [...modules, 'everything']

/** If all modules can only be refused, they are not listed one by one. */
function refusedAccess(opened: Opened): RefusedChoice[] {
  const refused = (access: 'read' | 'write', those: readonly Target[]) =>
    those.flatMap((to) => {
      const why = whyNoAccess(opened, to, access)
      return why === null ? [] : [{ to, why }]
    })
  const any = refused('read', targets)
  const writes = refused('write', targets).filter(({ to }) => any.every((one) => one.to !== to))
  const open = targets.filter((to) => givesAccess(opened.draft.before, to, 'write') !== null)
  return [
    ...any.map(({ to, why }) => ({ label: [`access to ${targetInWords(to)}`], why })),
    ...(writes.length > 0 &&
    writes.length === open.length &&
    writes.every(({ why }) => why.rule === writes[0]?.why.rule)
      ? [{ label: ['write'], why: writes[0]!.why }]
      : writes.map(({ to, why }) => ({ label: [`write on ${targetInWords(to)}`], why }))),
  ]
}

function targetInWords(to: Target): string {
  return to === 'everything' ? 'the whole stack' : moduleInWords(to)
}

/** Modules that the token may read or write stand first: they can be changed, all others can be added. */
function pickInput(opened: Opened, picked: readonly Target[]): KnownBlock {
  const { modules: access } = opened.form
  const others = modules.filter((module) => !picked.includes(module) && isOffered(opened, module))
  const held = others.filter((module) => access[module] !== 'none')
  const named = [...held, ...others.filter((module) => !held.includes(module))].map((module) => {
    const has = access[module] === 'none' ? '' : ` (${accessInWords(access[module])})`
    return [module, `${moduleInWords(module)}${has}`]
  })
  const whole =
    picked.includes('everything') || !isOffered(opened, 'everything') ? [] : [['everything', 'The whole stack']]
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
