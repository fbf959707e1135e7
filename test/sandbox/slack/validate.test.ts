import { describe, expect, test } from 'vitest'
import { inWords, validateMessage, validateSuggestions, validateView } from '../../../src/sandbox/slack/validate.ts'
import { button, buttons, home, input, modal, option, plain, section, textInput } from './support.ts'

const long = (length: number) => 'x'.repeat(length)
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const inMessage = (...blocks: object[]) => inWords(validateMessage({ text: 'x', blocks }))
const inModal = (...blocks: object[]) => inWords(validateView(modal(blocks)))
const asInput = (element: Record<string, unknown> & { type: string }) => inModal(input('b', element))

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const video = { type: 'video', video_url: 'x', thumbnail_url: 'x', alt_text: 'x', title: plain('x') }

test('a view with one of everything an app is likely to use passes', () => {
  const options = [option('a'), option('b')]
  const view = modal([
    { type: 'header', text: plain('Title') },
    { type: 'divider' },
    { type: 'alert', text: plain('Careful'), level: 'warning' },
    { type: 'context', elements: [plain('small'), { type: 'mrkdwn', text: '*x*', verbatim: true }] },
    section('text', { accessory: button('more', { style: 'danger', value: '1', accessibility_label: 'More' }) }),
    { type: 'section', fields: [plain('a'), plain('b')] },
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x', style: { bold: true } }] }],
    },
    buttons('acts', button('one'), { type: 'overflow', action_id: 'o', options }),
    textInput('name', { hint: plain('hint'), optional: true, dispatch_action: true }),
    input('box', { type: 'checkboxes', action_id: 'c', options, initial_options: [option('a')] }),
    input('radio', { type: 'radio_buttons', action_id: 'r', options, initial_option: option('b') }),
    input('one', { type: 'static_select', action_id: 's', options, focus_on_load: true, placeholder: plain('Choose') }),
    input('groups', { type: 'multi_static_select', action_id: 's', option_groups: [{ label: plain('g'), options }] }),
    input('ext', { type: 'external_select', action_id: 'e', min_query_length: 0, initial_option: option('z') }),
    input('date', { type: 'datepicker', action_id: 'd', initial_date: '2027-01-31' }),
    input('user', { type: 'users_select', action_id: 'u' }),
    input('number', {
      type: 'number_input',
      action_id: 'n',
      is_decimal_allowed: false,
      min_value: '1',
      max_value: '9',
    }),
  ])
  expect(validateView(view)).toEqual([])
})

test('a message may have text alone or blocks alone', () => {
  expect(validateMessage({ text: 'x' })).toEqual([])
  expect(validateMessage({ blocks: [section('x')] })).toEqual([])
  expect(inWords(validateMessage({ text: 7 }))).toBe('must provide a string [json-pointer:/text]')
})

test('a problem points at its place in the words that Slack uses', () => {
  expect(validateView({ ...modal(), title: plain(long(25)) })).toEqual([
    { pointer: '/view/title/text', message: 'must be less than 25 characters' },
  ])
})

describe('limits of texts', () => {
  const cases: [string, (length: number) => string, number][] = [
    ['a section', (n) => inMessage(section(long(n))), 3000],
    ['a section field', (n) => inMessage({ type: 'section', fields: [plain(long(n))] }), 2000],
    ['a header', (n) => inMessage({ type: 'header', text: plain(long(n)) }), 150],
    ['a context text', (n) => inMessage({ type: 'context', elements: [plain(long(n))] }), 3000],
    ['a button', (n) => inMessage(buttons('b', { ...button('a'), text: plain(long(n)) })), 75],
    ['a button value', (n) => inMessage(buttons('b', button('a', { value: long(n) }))), 2000],
    ['a block id', (n) => inMessage(section('x', { block_id: long(n) })), 255],
    ['an action id', (n) => inMessage(buttons('b', button(long(n), { text: plain('x') }))), 255],
    ['an image text', (n) => inMessage({ type: 'image', image_url: 'https://x.test/y', alt_text: long(n) }), 2000],
    ['markdown', (n) => inMessage({ type: 'markdown', text: long(n) }), 12_000],
    ['an input label', (n) => inModal({ ...textInput('b'), label: plain(long(n)) }), 2000],
    ['an input hint', (n) => inModal(textInput('b', { hint: plain(long(n)) })), 2000],
    ['a placeholder', (n) => asInput({ type: 'plain_text_input', placeholder: plain(long(n)) }), 150],
    ['an option', (n) => asInput({ type: 'static_select', options: [{ text: plain(long(n)), value: 'v' }] }), 75],
    [
      'an option value',
      (n) => asInput({ type: 'static_select', options: [{ text: plain('t'), value: long(n) }] }),
      150,
    ],
    [
      'an option description',
      (n) => asInput({ type: 'static_select', options: [{ ...option('v'), description: plain(long(n)) }] }),
      75,
    ],
    [
      'a group label',
      (n) => asInput({ type: 'static_select', option_groups: [{ label: plain(long(n)), options: [option('v')] }] }),
      75,
    ],
    ['an alert', (n) => inModal({ type: 'alert', text: plain(long(n)) }), 200],
    [
      'a confirm title',
      (n) => inMessage(buttons('b', button('a', { confirm: { title: plain(long(n)), text: plain('x') } }))),
      100,
    ],
    ['a confirm text', (n) => inMessage(buttons('b', button('a', { confirm: { text: plain(long(n)) } }))), 300],
    [
      'a confirm button',
      (n) => inMessage(buttons('b', button('a', { confirm: { text: plain('x'), deny: plain(long(n)) } }))),
      30,
    ],
    ['a view title', (n) => inWords(validateView({ ...modal(), title: plain(long(n)) })), 24],
    ['a submit button', (n) => inWords(validateView({ ...modal(), submit: plain(long(n)) })), 24],
    ['a close button', (n) => inWords(validateView({ ...modal(), close: plain(long(n)) })), 24],
    ['a callback id', (n) => inWords(validateView({ ...modal(), callback_id: long(n) })), 255],
    ['an external id', (n) => inWords(validateView({ ...modal(), external_id: long(n) })), 255],
    ['a button address', (n) => inMessage(buttons('b', button('a', { url: long(n) }))), 3000],
    ['a spoken label', (n) => inMessage(buttons('b', button('a', { accessibility_label: long(n) }))), 75],
    ['an image address', (n) => inMessage({ type: 'image', image_url: long(n), alt_text: 'x' }), 3000],
    ['an image title', (n) => inMessage({ type: 'image', image_url: 'x', alt_text: 'x', title: plain(long(n)) }), 2000],
    ['a text to start from', (n) => asInput({ type: 'plain_text_input', initial_value: long(n) }), 3000],
    ['a card title', (n) => inMessage({ type: 'card', title: mrkdwn(long(n)) }), 150],
    ['a card body', (n) => inMessage({ type: 'card', body: mrkdwn(long(n)) }), 200],
    [
      'a container title',
      (n) => inMessage({ type: 'container', title: plain(long(n)), child_blocks: [section('x')] }),
      150,
    ],
    ['a video title', (n) => inMessage({ ...video, title: plain(long(n)) }), 199],
    ['a video author', (n) => inMessage({ ...video, author_name: long(n) }), 49],
    ['private metadata', (n) => inWords(validateView({ ...modal(), private_metadata: long(n) })), 3000],
  ]
  test.each(cases)('%s is refused one character beyond its limit', (_, problemsAt, limit) => {
    expect(problemsAt(limit)).toBe('')
    expect(problemsAt(limit + 1)).toContain(`must be less than ${limit + 1} characters`)
  })

  test('an empty text is refused, in rich text too', () => {
    expect(inMessage(section(''))).toContain('must be more than 0 characters')
    const leaf = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] }],
    }
    expect(inMessage(leaf)).toContain(
      'must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]',
    )
  })
})

describe('limits of numbers', () => {
  const group = (count: number) => ({ label: plain('g'), options: many(count, (index) => option(`v${index}`)) })
  const box = (type: string, count: number) => ({ type, options: many(count, (index) => option(`v${index}`)) })
  const cases: [string, (count: number) => string, number][] = [
    ['blocks in a message', (n) => inMessage(...many(n, () => section('x'))), 50],
    ['blocks in a modal', (n) => inModal(...many(n, () => section('x'))), 100],
    ['blocks on Home', (n) => inWords(validateView(home(many(n, () => section('x'))))), 100],
    ['fields of a section', (n) => inMessage({ type: 'section', fields: many(n, () => plain('x')) }), 10],
    ['elements of a context', (n) => inMessage({ type: 'context', elements: many(n, () => plain('x')) }), 10],
    ['elements of actions', (n) => inMessage(buttons('b', ...many(n, (index) => button(`a${index}`)))), 25],
    ['options of a select', (n) => asInput(box('static_select', n)), 100],
    ['checkboxes', (n) => asInput(box('checkboxes', n)), 10],
    ['radio buttons', (n) => asInput(box('radio_buttons', n)), 10],
    ['options of an overflow menu', (n) => inMessage(buttons('b', box('overflow', n))), 5],
    [
      'rows of a table',
      (n) => inMessage({ type: 'table', rows: many(n, () => [{ type: 'raw_text', text: 'x' }]) }),
      100,
    ],
    [
      'cells of a row',
      (n) => inMessage({ type: 'table', rows: [many(n, () => ({ type: 'raw_text', text: 'x' }))] }),
      20,
    ],
    ['option groups', (n) => asInput({ type: 'static_select', option_groups: many(n, () => group(1)) }), 100],
    ['options of a group', (n) => asInput({ type: 'static_select', option_groups: [group(n)] }), 100],
    [
      'elements of context actions',
      (n) => {
        const elements = many(n, (index) => ({
          type: 'icon_button',
          icon: 'trash',
          text: plain('x'),
          action_id: `${index}`,
        }))
        return inMessage({ type: 'context_actions', elements })
      },
      5,
    ],
    [
      'buttons of a card',
      (n) => inMessage({ type: 'card', title: mrkdwn('x'), actions: many(n, (i) => button(`${i}`)) }),
      2,
    ],
    [
      'cards of a carousel',
      (n) => inMessage({ type: 'carousel', elements: many(n, () => ({ type: 'card', title: mrkdwn('x') })) }),
      10,
    ],
    [
      'blocks of a container',
      (n) => inMessage({ type: 'container', title: plain('x'), child_blocks: many(n, () => section('x')) }),
      10,
    ],
    [
      'columns of a table',
      (n) => {
        const rows = [[{ type: 'raw_text', text: 'x' }]]
        return inMessage({ type: 'table', rows, column_settings: many(n, () => ({ align: 'left' })) })
      },
      20,
    ],
    [
      'suggested options',
      (n) => inWords(validateSuggestions({ options: many(n, (index) => option(`v${index}`)) })),
      100,
    ],
  ]
  test.each(cases)('%s are refused one beyond their number', (_, problemsAt, limit) => {
    expect(problemsAt(limit)).toBe('')
    expect(problemsAt(limit + 1)).toContain(`no more than ${limit} items allowed`)
  })

  test('a menu without options is refused', () => {
    expect(asInput({ type: 'static_select', options: [] })).toContain('no less than 1 items allowed')
    expect(validateSuggestions({ options: [] })).toEqual([])
  })
})

describe('parts that must fit together', () => {
  test('block ids are unique in a view, and action ids in a block', () => {
    expect(inModal(section('x', { block_id: 'a' }), section('y', { block_id: 'a' }))).toContain('"a" already exists')
    expect(inModal(buttons('b', button('x'), button('x')))).toContain('action_id "x" already exists')
    expect(inModal(buttons('b', button('x')), buttons('c', button('x')))).toBe('')
  })

  test('a modal with an input needs a submit button', () => {
    const { submit: _, ...without } = modal([textInput('a')])
    expect(inWords(validateView(without))).toBe('missing required field: submit [json-pointer:/view]')
    expect(validateView({ ...without, blocks: [section('x')] })).toEqual([])
  })

  test('an initial option must be one of the options, whole', () => {
    const options = [option('a')]
    expect(asInput({ type: 'static_select', options, initial_option: option('b') })).toContain('/initial_option')
    const renamed = { ...option('a'), text: plain('other') }
    expect(asInput({ type: 'static_select', options, initial_option: renamed })).toContain('/initial_option')
    expect(asInput({ type: 'checkboxes', options, initial_options: [option('b')] })).toContain('/initial_options/0')
    expect(
      asInput({
        type: 'multi_static_select',
        option_groups: [{ label: plain('g'), options }],
        initial_options: [option('a')],
      }),
    ).toBe('')
  })

  test('only one element may ask for the focus', () => {
    const focused = (id: string) => input(id, { type: 'plain_text_input', focus_on_load: true })
    expect(inModal(focused('a'), textInput('b'))).toBe('')
    expect(inModal(focused('a'), focused('b'))).toContain('focus_on_load')
  })

  test('a menu has options or option groups, not both and not neither', () => {
    const option_groups = [{ label: plain('g'), options: [option('a')] }]
    expect(asInput({ type: 'static_select', options: [option('a')], option_groups })).toContain(
      'only one of these fields',
    )
    expect(asInput({ type: 'static_select' })).toContain('missing required field: options')
    expect(inWords(validateSuggestions({ options: [], option_groups: [] }))).toContain('only one of these fields')
  })

  test('a message holds one table, and all its cells together 10,000 characters', () => {
    const table = (text: string) => ({ type: 'table', rows: [[{ type: 'raw_text', text }]] })
    expect(inMessage(table('x'), table('y'))).toContain('only_one_table_allowed')
    expect(inMessage(table(long(10_001)))).toContain('less than 10001 characters')
  })

  test('a second table in a message is refused as an attachment', () => {
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }
    expect(validateMessage({ blocks: [table, table] })).toMatchObject([{ error: 'invalid_attachments' }])
  })

  test('a message holds one plan', () => {
    const plan = { type: 'plan', title: 'x' }
    expect(inMessage(plan)).toBe('')
    expect(inMessage(plan, plan)).toContain('only one plan')
  })

  test('the first row of a data table is not rich text', () => {
    const rich = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
    }
    const raw = { type: 'raw_text', text: 'x' }
    expect(inMessage({ type: 'data_table', caption: 'x', rows: [[raw], [rich]] })).toBe('')
    expect(inMessage({ type: 'data_table', caption: 'x', rows: [[rich], [raw]] })).toContain('/blocks/0/rows/0/0')
  })

  test('files are asked for in modals only', () => {
    const files = input('f', { type: 'file_input', action_id: 'a' })
    expect(inModal(files)).toBe('')
    expect(inMessage(files)).toContain('only available in modals')
    expect(inWords(validateView(home([files])))).toContain('only available in modals')
  })

  test('markdown blocks are counted together', () => {
    expect(inMessage({ type: 'markdown', text: long(6000) }, { type: 'markdown', text: long(6001) })).toContain(
      'together',
    )
  })

  test('a view of more than 250 kB is too large', () => {
    const view = modal(many(90, () => section(long(3000))))
    expect(validateView(view)).toMatchObject([{ error: 'view_too_large' }])
  })

  test('a minimum length may not be above the maximum', () => {
    expect(asInput({ type: 'plain_text_input', min_length: 5, max_length: 4 })).toContain('min_length')
    expect(asInput({ type: 'plain_text_input', max_length: 3001 })).toContain('must be less than 3001')
  })

  test('response_url_enabled is only for an input of a modal', () => {
    const select = { type: 'conversations_select', response_url_enabled: true }
    expect(asInput(select)).toBe('')
    expect(inModal(section('x', { accessory: select }))).toContain('response_url_enabled')
  })
})

describe('the place of each part', () => {
  test.each([
    ['an alert', { type: 'alert', text: plain('x') }, ['modal']],
    ['markdown', { type: 'markdown', text: 'x' }, ['message']],
    ['a table', { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }, ['message', 'home']],
    ['a container', { type: 'container', title: plain('x'), child_blocks: [section('x')] }, ['message']],
    ['a file', { type: 'file', source: 'remote', external_id: 'x' }, []],
    ['a block that does not exist', { type: 'banner' }, []],
  ])('%s', (_, block, allowed) => {
    const problems = { message: inMessage(block), modal: inModal(block), home: inWords(validateView(home([block]))) }
    const taken = Object.entries(problems).filter(([, problem]) => problem === '')
    expect(taken.map(([surface]) => surface).sort()).toEqual(allowed.sort())
  })

  test('an element is only for blocks that take it', () => {
    expect(inMessage(buttons('b', { type: 'plain_text_input', action_id: 'a' }))).toContain(
      'unsupported type: plain_text_input',
    )
    expect(asInput(button('a'))).toContain('unsupported type: button')
    expect(inMessage(section('x', { accessory: { type: 'datetimepicker' } }))).toContain('unsupported type')
    expect(inMessage({ type: 'header', text: { type: 'mrkdwn', text: 'x' } })).toContain('unsupported type: mrkdwn')
  })

  test('a field that the block does not have is refused', () => {
    expect(inMessage(section('x', { colour: 'red' }))).toBe(
      'invalid additional property: colour [json-pointer:/blocks/0]',
    )
    expect(inMessage(section('x', { constructor: 'x' }))).toContain('invalid additional property: constructor')
  })

  test('a field of the wrong kind is refused', () => {
    expect(inMessage(buttons('b', button('a', { style: 'green' })))).toContain(
      'must be a valid enum value: primary, danger',
    )
    expect(inModal(textInput('a', { optional: 'yes' }))).toContain('must provide a boolean')
    expect(asInput({ type: 'datepicker', initial_date: '31.1.2027' })).toContain('YYYY-MM-DD')
    expect(asInput({ type: 'number_input' })).toContain('missing required field: is_decimal_allowed')
    expect(inWords(validateView('form'))).toContain('must provide an object')
    expect(inModal('form' as never)).toContain('must provide an object [json-pointer:/view/blocks/0]')
    expect(inMessage({ type: 'section', text: 'bare' })).toContain('must provide an object')
    expect(inMessage({ type: 'section', text: { text: 'x' } })).toContain('missing required field: type')
    expect(inMessage(section('x', { block_id: 7 }))).toContain('must provide a string')
    expect(inMessage(section('x', { fields: 'x' }))).toContain('must provide an array')
    expect(inMessage({ type: 'section' })).toContain('missing required field: text')
    expect(asInput({ type: 'plain_text_input', min_length: '3' })).toContain('must provide an integer')
    expect(asInput({ type: 'plain_text_input', min_length: -1 })).toContain('must be greater than -1')
    const cell = { type: 'raw_number', value: '1' }
    expect(inMessage({ type: 'table', rows: [[cell]] })).toContain('must provide a number')
  })
})
