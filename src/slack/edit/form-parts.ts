import type { InputBlock, KnownBlock } from '@slack/types'
import { moduleInWords } from '../../domain/token/access.ts'
import { endsItsDay, expiryInWords, whyExpiryStays } from '../../domain/token/expiry.ts'
import type { SettingKey } from '../../domain/token/field.ts'
import { notListed, notRead } from '../../domain/token/names.ts'
import { modules, type StackFacts } from '../../domain/token/token.ts'
import type { Draft } from '../../ports/drafts.ts'
import { keptEntries, knownField } from '../../words/fields.ts'
import { type Piece, quote } from '../../words/pieces.ts'
import { count } from '../../words/text.ts'
import { context, limits } from '../kit/blocks.ts'
import { actions, textAction } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { fitsOption } from '../kit/options.ts'
import { fitsInput } from './form-blocks.ts'
import { checkInput, type Drawn, dateInput, namesInputs, radioInput, selectInput, textInput } from './form-inputs.ts'
import { type FormState, type TextKey, textFields, textKeys } from './form-state.ts'

/** Everything a form is drawn from. */
export type Opened = {
  readonly draft: Pick<Draft, 'id' | 'before' | 'afresh' | 'change' | 'reverts'>
  readonly form: FormState
  readonly facts: StackFacts
  /** Something the requester must know before going on: the token was changed meanwhile, for example. */
  readonly notice?: string
  /** How a quick command was understood: everything except the reason is filled in. */
  readonly understood?: readonly Piece[]
}

export function drawnOf({ draft, form }: Opened): Drawn {
  return { afresh: draft.afresh, form }
}

/** The inputs of all fields, in the order in which people see them. */
export function fieldInputs(opened: Opened): KnownBlock[] {
  return drawings.flatMap((draw) => draw(opened))
}

function textField(part: TextKey): (opened: Opened) => KnownBlock[] {
  const spec = { part, action: textAction(part), ...textFields[part] }
  const tooLong = `${spec.label}: longer than the ${count(limits.input, 'character')} a form in Slack holds, so it stays as it is.`
  return (opened) => [fitsInput(part, opened.form) ? textInput(drawnOf(opened), spec) : context(tooLong)]
}

function scope(opened: Opened): KnownBlock[] {
  const { draft, form, facts } = opened
  const { before } = draft
  const used = [before.branches, before.aliases, form.branches, form.aliases].some((names) => names.length > 0)
  if (!facts.branchesEnabled && !used) return []
  const drawn = drawnOf(opened)
  const unofferable = [...form.branches, ...form.aliases].filter((name) => !fitsOption(name)).length
  return [
    ...namesInputs(drawn, {
      part: 'branches',
      label: 'Branches',
      action: actions.branches,
      existing: facts.branches,
      before: before.branches,
      targets: {},
    }),
    ...namesInputs(drawn, {
      part: 'aliases',
      label: 'Branch aliases',
      action: actions.aliases,
      existing: facts.aliases,
      before: before.aliases,
      targets: facts,
    }),
    ...notOffered(facts).map((text) => context(text)),
    ...(unofferable > 0 ? [context(`${count(unofferable, 'name')} too long for a list in Slack: kept as it is.`)] : []),
  ]
}

function notOffered({ unlisted = {}, unread = {} }: StackFacts): string[] {
  return [
    unlisted.branches !== undefined && notListed('branch', unlisted.branches),
    unread.branches !== undefined && notRead('branch', unread.branches),
    unlisted.aliases !== undefined && notListed('alias', unlisted.aliases),
    unread.aliases !== undefined && notRead('alias', unread.aliases),
  ].filter((text) => text !== false)
}

const moduleAccess = { none: 'No access', read: 'Read', write: 'Read and write' }

function access(opened: Opened): KnownBlock[] {
  const { draft, form } = opened
  const drawn = drawnOf(opened)
  const everything = selectInput(drawn, {
    part: 'everything',
    label: 'Access to the whole stack',
    action: actions.everything,
    redraws: true,
    choices: {
      none: 'No whole-stack access: choose per module',
      read: 'Read everything',
      write: 'Read and write everything',
    },
    chosen: form.everything,
  })
  return [
    everything,
    ...(form.everything === 'none' ? moduleInputs(drawn) : []),
    ...pack([keptEntries({ otherScope: draft.before.otherScope })], 20),
  ]
}

function moduleInputs(drawn: Drawn): InputBlock[] {
  return modules.map((module) =>
    selectInput(drawn, {
      part: `module.${module}`,
      label: moduleInWords(module),
      action: actions.module,
      choices: moduleAccess,
      chosen: drawn.form.modules[module],
    }),
  )
}

function expiry(opened: Opened): KnownBlock[] {
  const { form, draft } = opened
  const drawn = drawnOf(opened)
  const stays = whyExpiryStays(draft.before)
  const unread = draft.before.expiresOn !== null && form.date === null
  const choice = radioInput(drawn, {
    part: 'expiry',
    label: 'Expiry',
    action: actions.expiry,
    redraws: true,
    choices: { never: 'Never', date: 'On a date' },
    chosen: form.expiry,
  })
  const date = dateInput(drawn, {
    part: 'date',
    label: 'Expires on',
    hint: `The token stops working at ${endsItsDay(draft.before.expiresOn) ? 'the end of that day (UTC)' : 'midnight UTC as that day begins'}.`,
    action: actions.date,
    date: form.date,
    ...(unread && { optional: true }),
  })
  const notice = checkInput(drawn, {
    part: 'emailNotice',
    label: 'E-mail notice',
    action: actions.emailNotice,
    says: 'An e-mail from Contentstack 7 days before expiry',
    checked: form.emailNotice,
  })
  if (stays !== null)
    return [...pack([[...knownField('Expires', expiryInWords(draft.before.expiresOn)), quote(stays)]], 5), notice]
  return [choice, ...(form.expiry === 'date' ? [date] : []), notice]
}

function rates(opened: Opened): KnownBlock[] {
  const { form, facts } = opened
  if (!facts.rateLimitsGoverned || form.rates === 'ungoverned')
    return [
      context(
        "Rate limits aren't managed for this stack: the names of their fields are not configured. They stay as they are.",
      ),
    ]
  const drawn = drawnOf(opened)
  const choice = radioInput(drawn, {
    part: 'rates',
    label: 'Rate limits',
    action: actions.rates,
    redraws: true,
    choices: { organisation: organisationInWords(facts), custom: 'Custom' },
    chosen: form.rates,
  })
  const rate = (part: 'readRate' | 'writeRate', label: string, action: string) =>
    textInput(drawn, { part, label, action, hint: 'A whole number.', max: 10 })
  return form.rates === 'organisation'
    ? [choice]
    : [
        choice,
        rate('readRate', 'Reads a second', actions.readRate),
        rate('writeRate', 'Writes a second', actions.writeRate),
      ]
}

function organisationInWords({ organisationLimits }: StackFacts): string {
  if (organisationLimits === null) return "The organisation's"
  const { read, write } = organisationLimits
  return `The organisation's (${count(read, 'read')}, ${count(write, 'write')} a second)`
}

/** The drawing of each field; several fields may share one, which is drawn once. */
const drawnBy: Record<SettingKey, (opened: Opened) => KnownBlock[]> = {
  ...(Object.fromEntries(textKeys.map((key) => [key, textField(key)])) as Record<
    TextKey,
    ReturnType<typeof textField>
  >),
  branches: scope,
  aliases: scope,
  permissions: access,
  otherScope: access,
  expiresOn: expiry,
  emailNotice: expiry,
  rateLimits: rates,
}

const drawings = [...new Set(Object.values(drawnBy))]
