import { describe, expect, test } from 'vitest'
import type { Reverts } from '../../../src/domain/change/reverts.ts'
import type { Settings, StackFacts } from '../../../src/domain/token/token.ts'
import { formView } from '../../../src/slack/edit/form.ts'
import { fieldErrors, readForm } from '../../../src/slack/edit/form-blocks.ts'
import { groups } from '../../../src/slack/edit/form-groups.ts'
import { type FormState, formStateOf, settingsOf } from '../../../src/slack/edit/form-state.ts'
import { facts, settings } from '../../support/world.ts'
import { inputsIn, reading, untouched } from '../kit/drawn.ts'

type Opening = {
  before?: Settings
  form?: Partial<FormState>
  facts?: StackFacts
  afresh?: Record<string, number>
  notice?: string
  change?: { id: number; revision: number }
  reverts?: Reverts
  open?: readonly string[]
}

function opened({ before = settings(), form = {}, facts: known = facts(), afresh = {}, ...opening }: Opening = {}) {
  const { notice, change = null, reverts = null, open = groups } = opening
  return formView({
    draft: { id: 'draft-1', before, afresh, change, reverts },
    form: { ...formStateOf(before), ...form },
    facts: known,
    now: new Date('2026-12-01'),
    open,
    ...(notice !== undefined && { notice }),
  })
}

const asOpened = ['name', 'description', 'branches', 'aliases', 'addModule', 'date', 'emailNotice', 'rates', 'reason']
const many = (n: number, word = 'branch') => Array.from({ length: n }, (_, i) => `${word}-${i}`)

test('the form opens with the values of the token and carries only the id of its draft', () => {
  const view = opened()
  expect(view).toMatchObject({ callback_id: 'edit_form', private_metadata: 'draft-1', title: { text: 'Edit token' } })
  const inputs = inputsIn(view)
  expect([...inputs.keys()]).toEqual(asOpened)
  expect(inputs.get('name')?.element).toMatchObject({ initial_value: 'ci-deploy', max_length: 50 })
  expect(inputs.get('description')).toMatchObject({
    optional: true,
    element: { multiline: true, initial_value: 'Deploys from CI' },
  })
  const picked = inputsIn(opened({ open: ['access', 'picked.entry', 'picked.everything'] }))
  expect(picked.get('everything')?.element).toMatchObject({ initial_option: { value: 'none' } })
  expect(picked.get('module.entry')).toMatchObject({
    label: { text: 'Entries' },
    element: { initial_option: { value: 'write' } },
  })
  expect(inputs.get('date')?.element).toMatchObject({ initial_date: '2027-01-31' })
  expect(inputs.get('emailNotice')?.element).toMatchObject({ initial_options: [{ value: 'yes' }] })
  expect(inputs.get('reason')).toMatchObject({ element: { multiline: true } })
  expect(inputs.get('reason')?.element).not.toHaveProperty('initial_value')
  expect(inputs.get('reason')).not.toHaveProperty('optional')
})

test('the form says which token it edits and that the secret value is out of reach', () => {
  const text = reading(opened({ notice: 'The token was changed.', open: [] }))
  expect(text).toContain('Token: ci-deploy on Website')
  expect(text).toContain(
    "The secret value can't be viewed or changed here; for a new one, generate a new token in Contentstack.",
  )
  expect(text).toContain('The token was changed.')
})

test('a form on an open change says which one, and what sending it costs', () => {
  const view = opened({ change: { id: 42, revision: 2 }, form: { name: 'ci-release', reason: 'It moved' } })
  expect(view).toMatchObject({ title: { text: 'Edit the change' }, private_metadata: 'draft-1' })
  expect(reading(view)).toContain('This edits change #42, which is open as revision 2.')
  expect(reading(view)).toContain('approvals given so far will no longer count')
  expect(inputsIn(view).get('name')?.element).toMatchObject({ initial_value: 'ci-release' })
  expect(inputsIn(view).get('reason')?.element).toMatchObject({ initial_value: 'It moved' })
  expect(reading(opened())).not.toContain('This edits change')
})

describe('parts that come and go', () => {
  test('access per module shows only without access to the whole stack', () => {
    const shown = [...inputsIn(opened({ form: { everything: 'read' } })).keys()]
    expect(shown.filter((part) => part.startsWith('module.'))).toEqual([])
  })

  test('the choices that make others appear or go tell the app at once', () => {
    const dispatching = [...inputsIn(opened())].filter(([, input]) => input.dispatch_action).map(([part]) => part)
    expect(dispatching).toEqual(['addModule', 'rates'])
  })

  test('a date is asked for only for a token that expires', () => {
    expect(inputsIn(opened({ form: { expiry: 'never' } })).has('date')).toBe(false)
    expect(
      inputsIn(opened({ before: settings({ expiresOn: null }), form: { expiry: 'date' } })).get('date'),
    ).not.toHaveProperty('optional')
  })

  test('the form says which end of its day an expiry is', () => {
    const hintOf = (expiresOn: string) => inputsIn(opened({ before: settings({ expiresOn }) })).get('date')
    const hint = (text: string) => ({
      hint: { text: expect.stringMatching(new RegExp(`The token stops working at ${text}\\.$`)) },
    })
    expect(hintOf('2027-01-31')).toMatchObject(hint('midnight UTC as that day begins'))
    expect(hintOf('2027-01-31T23:59:59.999Z')).toMatchObject(hint('the end of that day \\(UTC\\)'))
  })

  test('an expiry that is not a date may stay: its day need not be chosen', () => {
    expect(inputsIn(opened({ before: settings({ expiresOn: 'soon' }) })).get('date')).toMatchObject({ optional: true })
  })

  test('two numbers are asked for only with custom rate limits', () => {
    const inputs = inputsIn(opened({ form: { rates: 'custom', readRate: '20' } }))
    expect(inputs.get('readRate')?.element).toMatchObject({ initial_value: '20' })
    expect(inputs.get('writeRate')?.element).not.toHaveProperty('initial_value')
    expect(inputsIn(opened()).has('readRate')).toBe(false)
  })

  test('what was typed into a part stays with it while it is out of sight', () => {
    const form = { everything: 'none', modules: { ...formStateOf(settings()).modules, asset: 'write' } } as const
    expect(inputsIn(opened({ form })).get('module.asset')?.element).toMatchObject({
      initial_option: { value: 'write' },
    })
  })
})

describe('rate limits', () => {
  test("the organisation's limits are named when they are known", () => {
    expect(reading(opened())).toContain("The organisation's (100 reads, 50 writes a second)")
    expect(reading(opened({ facts: facts({ organisationLimits: null }) }))).toContain("The organisation's\n")
  })

  test.each([
    { facts: facts({ rateLimitsGoverned: false }) },
    { before: settings({ rateLimits: { kind: 'ungoverned' } }) },
  ])('if they are not managed the form says so and why: %#', (opening) => {
    const view = opened(opening)
    expect(inputsIn(view).has('rates')).toBe(false)
    expect(reading(view)).toContain(
      'Custom rate limits are a feature of some Contentstack plans; its support can tell whether yours has it. Also, whoever runs Countersign has to name their fields (rate_limit_fields).',
    )
  })
})

describe('branches and aliases', () => {
  test('the names on the token are on offer even if the stack no longer has them', () => {
    const element = inputsIn(opened({ before: settings({ branches: ['gone'] }) })).get('branches')?.element
    expect(element).toMatchObject({ type: 'multi_static_select', initial_options: [{ value: 'gone' }] })
    const options = element?.options as { value: string }[]
    expect(options.map(({ value }) => value)).toEqual(['main', 'development', 'feature-x', 'gone'])
  })

  test('and stay on offer when the form is redrawn after they were unchosen', () => {
    const before = settings({ branches: ['main', 'gone'] })
    const element = inputsIn(opened({ before, form: { branches: ['main'] } })).get('branches')?.element
    expect(element).toMatchObject({ initial_options: [{ value: 'main' }] })
    expect(JSON.stringify(element?.options)).toContain('"value":"gone"')
  })

  test('a stack without branches is not asked about them, unless its token names some', () => {
    const without = facts({ branchesEnabled: false })
    const none = settings({ branches: [], aliases: [] })
    expect(inputsIn(opened({ before: none, facts: without })).has('branches')).toBe(false)
    expect(inputsIn(opened({ before: settings({ aliases: [] }), facts: without })).has('branches')).toBe(true)
  })

  test('over a hundred are looked up while typing', () => {
    const element = inputsIn(opened({ facts: facts({ branches: many(150) }) })).get('branches')?.element
    expect(element).toMatchObject({
      type: 'multi_external_select',
      min_query_length: 0,
      max_selected_items: 100,
      initial_options: [{}, {}],
    })
  })

  test('a token that names 300 branches shows them all, and all of them are read back', () => {
    const before = settings({ branches: many(300) })
    const view = opened({ before })
    expect([...inputsIn(view).keys()].filter((part) => part.startsWith('branches'))).toEqual([
      'branches',
      'branches.1',
      'branches.2',
    ])
    expect(settingsOf(readForm(untouched(view), formStateOf(before)), before)).toEqual({ settings: before })
  })

  test('as long as the form is open no select goes, even when most branches are unchosen', () => {
    const view = opened({ before: settings({ branches: many(300) }), form: { branches: ['branch-1'] } })
    expect(inputsIn(view).has('branches.2')).toBe(true)
  })

  test('a name too long for a list stays with the token', () => {
    const long = 'b'.repeat(151)
    const before = settings({ branches: ['main', long] })
    const view = opened({ before })
    expect(reading(view)).toContain('1 name too long for a list in Slack: kept as it is.')
    expect(readForm(untouched(view), formStateOf(before)).branches).toEqual(['main', long])
  })
})

describe('values that Slack could not show as they are', () => {
  test('a name longer than allowed opens whole', () => {
    const name = 'n'.repeat(80)
    expect(inputsIn(opened({ before: settings({ name }) })).get('name')?.element).toMatchObject({
      initial_value: name,
      max_length: 80,
    })
  })

  test('a description too long for any form stays as it is', () => {
    const before = settings({ description: 'd'.repeat(3001) })
    const view = opened({ before })
    expect(inputsIn(view).has('description')).toBe(false)
    expect(reading(view)).toContain('Description: longer than the 3,000 characters a form in Slack holds')
    expect(readForm(untouched(view), formStateOf(before)).description).toBe(before.description)
  })

  test('hidden characters are spelled out, and stay what they are unless the text is edited', () => {
    const before = settings({ name: 'ci\u202Edeploy', description: 'a\u200Bb\r\nc' })
    const view = opened({ before })
    expect(inputsIn(view).get('name')?.element).toMatchObject({ initial_value: 'ci⟨U+202E⟩deploy' })
    const values = untouched(view)
    expect(readForm(values, formStateOf(before))).toEqual(formStateOf(before))
    values['name:1'] = { form_name: { type: 'plain_text_input', value: 'ci-deploy' } }
    expect(readForm(values, formStateOf(before)).name).toBe('ci-deploy')
  })

  test('scope entries that the app does not understand are shown as kept', () => {
    expect(reading(opened({ before: settings({ otherScope: ['{"module":"magic"}'] }) }))).toContain(
      'Kept as they are: 1 scope entry that Countersign does not understand\n{"module":"magic"}',
    )
  })
})

test('an expiry beside a field that the app does not understand can be read, but not chosen', () => {
  const before = settings({ otherExpiry: ['is_never_expires: true'] })
  const view = opened({ before })
  expect([...inputsIn(view).keys()]).not.toContain('expiry')
  expect([...inputsIn(view).keys()]).not.toContain('date')
  expect([...inputsIn(view).keys()]).toContain('emailNotice')
  expect(reading(view)).toContain(
    "Expires: 2027-01-31\nCountersign does not understand a field about this token's expiry (is_never_expires: true), so the expiry can't be changed here: change it in Contentstack.",
  )
  const form = readForm(untouched(view), formStateOf(before))
  expect(settingsOf(form, before)).toEqual({ settings: before })
})

test('a part that is redrawn starts fresh, and every other keeps what was typed', () => {
  const ids = (afresh: Record<string, number>, form: Partial<FormState> = {}) =>
    [...inputsIn(opened({ afresh, form, open: [...groups, 'picked.entry'] })).values()].map(({ block_id }) => block_id)
  expect(ids({}, { name: 'typed' })).toEqual(ids({}))
  expect(ids({ name: 1, 'module.entry': 2 }).filter((id) => !ids({}).includes(id))).toEqual([
    'name:2',
    'module.entry:3',
  ])
})

test('names that take several lists start fresh in all of them', () => {
  const branches = Array.from({ length: 150 }, (_, i) => `branch-${i}`)
  const ids = [...inputsIn(opened({ before: settings({ branches }), afresh: { branches: 1 } })).values()].map(
    ({ block_id }) => block_id,
  )
  expect(ids.filter((id) => id.startsWith('branches'))).toEqual(['branches:2', 'branches.1:2'])
})

describe('reading the form', () => {
  const text = (value: string | null) => ({ type: 'plain_text_input', value })
  const option = (value: string) => ({ type: 'static_select', selected_option: { value, text: {} } })

  test('an untouched form says what it said', () => {
    expect(readForm(untouched(opened()), formStateOf(settings()))).toEqual(formStateOf(settings()))
  })

  test('everything that was filled in is read', () => {
    const values = {
      'name:1': { form_name: text('new') },
      'description:1': { form_description: text(null) },
      'branches:1': { form_branches: { type: 'multi_static_select', selected_options: [{ value: 'feature-x' }] } },
      'aliases:1': { form_aliases: { type: 'multi_static_select', selected_options: [] } },
      'everything:1': { form_everything: option('none') },
      'module.asset:1': { form_module: option('read') },
      'expiry:1': { form_expiry: option('date') },
      'date:1': { form_date: { type: 'datepicker', selected_date: '2027-06-01' } },
      'emailNotice:1': { form_email_notice: { type: 'checkboxes', selected_options: [] } },
      'rates:1': { form_rates: option('custom') },
      'readRate:1': { form_read_rate: text('7') },
      'writeRate:1': { form_write_rate: text('3') },
      'reason:1': { form_reason: text('because') },
    }
    const before = formStateOf(settings())
    expect(readForm(values, before)).toEqual({
      name: 'new',
      description: '',
      branches: ['feature-x'],
      aliases: [],
      everything: 'none',
      modules: { ...before.modules, asset: 'read' },
      expiry: 'date',
      date: '2027-06-01',
      emailNotice: false,
      rates: 'custom',
      readRate: '7',
      writeRate: '3',
      reason: 'because',
    })
  })

  test('parts that are not on the screen say what they said before', () => {
    const before: FormState = { ...formStateOf(settings()), readRate: '7', reason: 'because' }
    expect(readForm({ 'name:1': { form_name: text('new') } }, before)).toEqual({ ...before, name: 'new' })
  })

  test('a choice that was never on offer is not taken', () => {
    const before = formStateOf(settings())
    expect(readForm({ 'everything:1': { form_everything: option('admin') } }, before).everything).toBe('none')
    expect(readForm({ 'rates:1': { form_rates: option('ungoverned') } }, before).rates).toBe('organisation')
  })
})

describe('errors', () => {
  test('each shows at its own input', () => {
    const values = untouched(opened({ afresh: { name: 2 }, open: [...groups, 'picked.everything'] }))
    expect(fieldErrors({ name: 'A', reason: 'B', permissions: 'C', expiresOn: 'D' }, values)).toEqual({
      'name:3': 'A',
      'reason:1': 'B',
      'everything:1': 'C',
      'date:20270131': 'D',
    })
  })

  test('one for an input that is not on the screen shows as near as possible', () => {
    const values = untouched(
      opened({
        form: { expiry: 'never' },
        facts: facts({ branchesEnabled: true, branches: [], aliases: [] }),
        before: settings({ branches: [], aliases: [] }),
      }),
    )
    expect(fieldErrors({ branches: 'A', aliases: 'B', expiresOn: 'C', readRate: 'D' }, values)).toEqual({
      'reason:1': 'A B',
      'emailNotice:1': 'C',
      'rates:1': 'D',
    })
  })

  test('one about access shows at the list to pick from while nothing is picked', () => {
    expect(fieldErrors({ everything: 'A' }, untouched(opened()))).toEqual({ 'addModule:1': 'A' })
  })

  test('no error, no answer', () => {
    expect(fieldErrors({ name: undefined }, untouched(opened()))).toEqual({})
  })
})
