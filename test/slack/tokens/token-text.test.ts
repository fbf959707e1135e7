import { expect, test } from 'vitest'
import { readFilter } from '../../../src/domain/token/filter.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import { tokenHelp } from '../../../src/slack/command/help-text.ts'
import { expiringTokens } from '../../../src/slack/home/home-tokens.ts'
import { nameOptions, tokenOptions } from '../../../src/slack/kit/options.ts'
import { nearMatches } from '../../../src/slack/tokens/near.ts'
import { tokenList } from '../../../src/slack/tokens/token-list.ts'
import { settings } from '../../support/world.ts'
import { parts, reading } from '../kit/drawn.ts'

const now = new Date('2026-03-01T00:00:00Z')
const titled = (changes: Partial<Settings> = {}) => ({
  token: { stack: 'website', uid: 'cs1', settings: settings(changes) },
  stackTitle: 'Website',
})

test('/token list says in a line what each token may do and until when', () => {
  const whole = titled({ name: 'admin', permissions: { everything: 'write', modules: {} }, expiresOn: null })
  const list = tokenList({ now, tokens: [titled(), whole], notes: ['Shop could not be reached.'] })
  expect(reading(list.blocks)).toBe(
    [
      '2 tokens under governance:',
      'ci-deploy on Website: reads 2 modules, writes 1, expires 2027-01-31',
      'admin on Website: read and write, whole stack, never expires',
      'Shop could not be reached.',
    ].join('\n'),
  )
  expect(list.text).toBe(
    '2 tokens under governance. Shop could not be reached. ci-deploy on Website: reads 2 modules, writes 1, expires 2027-01-31. ' +
      'admin on Website: read and write, whole stack, never expires.',
  )
  expect(reading(tokenList({ now, tokens: [] }).blocks)).toBe('No tokens are known here yet.')
})

test('two tokens of one name on one stack are told apart in every list, by the uid and the description', () => {
  const one = titled({ description: 'Deploys from CI' })
  const two = { ...one, token: { ...one.token, uid: 'blt5c1de0000000c001', settings: settings({ description: ' ' }) } }
  const tokens = [{ ...one, token: { ...one.token, uid: 'blt5c1de0000000a001' } }, two]
  const list = reading(tokenList({ now, tokens }).blocks)
  expect(list).toContain('ci-deploy on Website, …a001 · Deploys from CI: reads 2 modules')
  expect(list).toContain('ci-deploy on Website, …c001: reads 2 modules')
  const choice = reading(nearMatches({ typed: 'ci-deploy', tokens }).blocks)
  expect(choice).toContain('ci-deploy · Website · …a001 · Deploys from CI')
  expect(tokenOptions(tokens, '').map(({ description }) => description?.text)).toEqual([
    'Website · …a001 · Deploys from CI',
    'Website · …c001',
  ])
  expect(reading(expiringTokens(tokens))).toContain('ci-deploy · Website · …a001 · Deploys from CI · expires')
})

const listed = (typed: string, nearest: string | null = null) => {
  const day = (name: string, expiresOn: string | null) => {
    const { token } = titled({ name, expiresOn })
    return name === 'shop-bot'
      ? { token: { ...token, stack: 'shop' }, stackTitle: 'Acme <EU>' }
      : { token, stackTitle: 'Website' }
  }
  const tokens = [day('ci', '2026-03-20'), day('old', '2026-02-01'), day('shop-bot', null), day('next', '2026-03-05')]
  const { blocks } = tokenList({ now, tokens, filter: readFilter(typed), nearest })
  const names = reading(blocks)
    .split('\n')
    .map((text) => text.replace(/ on .*: reads 2 modules, writes 1, /, ': '))
  return [
    ...names,
    ...parts(blocks).flatMap(({ action_id, value }) => (String(action_id).startsWith('say') ? [`[${value}]`] : [])),
  ]
}

test.each([
  [
    'website',
    ['3 tokens on Website:', 'ci: expires 2026-03-20', 'old: expired 2026-02-01', 'next: expires 2026-03-05'],
  ],
  ['shop', ['1 token on Acme <EU>:', 'shop-bot: never expires']],
  ['bot', ['1 token with bot in the name, the uid or the stack:', 'shop-bot: never expires']],
  ['expiring', ['2 tokens that expire within 30 days:', 'next: expires 2026-03-05', 'ci: expires 2026-03-20']],
  ['expired on website', ['1 token on Website that has expired:', 'old: expired 2026-02-01']],
  ['never', ['1 token that never expires:', 'shop-bot: never expires']],
  [
    'old expiring',
    [
      'No token with old in the name, the uid or the stack expires within 30 days.',
      'List expired ones',
      'List all tokens',
      '[list old expired]',
      '[list]',
    ],
  ],
])('/token list %s says what it lists, and offers what does', (typed, expected) => {
  expect(listed(typed)).toEqual(expected)
})

test('/token list with a mistyped stack offers the nearest one and all tokens', () => {
  expect(listed('webiste', 'Website')).toEqual([
    'No token with webiste in the name, the uid or the stack is known here.',
    'List Website',
    'List all tokens',
    '[list Website]',
    '[list]',
  ])
})

test('unreadable tokens are in the text too, which phones show, as far as there is room beside the others', () => {
  const { text } = tokenList({ now, tokens: [titled()], notes: Array.from({ length: 30 }, () => '&'.repeat(400)) })
  expect(text).toMatch(/^1 token under governance\. (&amp;){299}… ci-deploy on Website: /)
  expect(text.length).toBeLessThan(3900)
})

test('a token that can no longer be read is in the list as it was last seen', () => {
  const [read, other] = [titled(), { ...titled({ name: 'ci' }), lastSeen: true as const }]
  const list = tokenList({ now, tokens: [read, other] })
  expect(reading(list.blocks)).toMatch(/\nci-deploy on Website: reads .*\nci on Website, as last seen: reads 2 modules/)
})

test('a list longer than a message counts the rest, with the way to find it', () => {
  const text = reading(tokenList({ now, tokens: Array.from({ length: 130 }, () => titled()) }).blocks)
  expect(text).toContain('and 30 more: /token finds each by part of its name')
  expect(text.match(/ci-deploy on/g)).toHaveLength(100)
})

test('/token help names every command', () => {
  const text = reading(tokenHelp().blocks)
  expect(tokenHelp().text).toMatch(/in Contentstack\.$/)
  for (const command of [
    '/token edit <name>',
    '/token list',
    '/token show <name>',
    '/token history <name>',
    '/token help',
  ])
    expect(text).toContain(command)
  expect(text).toContain(
    '/token limit <name> <read 50 write 10 | organisation>: other rate limits, a feature of some Contentstack plans, as in /token limit ci-deploy read 50 write 10',
  )
})

test('a name that fits several tokens is answered with a button for each', () => {
  const near = nearMatches({
    typed: 'ci',
    tokens: [titled(), titled({ name: 'ci-test' })],
    notes: ['May be out of date.'],
  })
  expect(reading(near.blocks)).toBe(
    'It is not clear which token ci means, so nothing was opened. Choose the one you mean:\nci-deploy · Website\nEdit…\nci-test · Website\nEdit…\nMay be out of date.\nChoose a token…',
  )
  const buttons = parts(near.blocks).filter((part) => part.type === 'button')
  expect(buttons.map((button) => [button.action_id, button.value, button.accessibility_label])).toEqual([
    ['edit_this_token', 'cs1:website', 'Edit ci-deploy'],
    ['edit_this_token', 'cs1:website', 'Edit ci-test'],
    ['edit_a_token', undefined, undefined],
  ])
  const show = parts(nearMatches({ typed: 'ci', tokens: [titled()], offers: 'show' }).blocks)
  expect(show.filter((part) => part.type === 'button')).toMatchObject([
    { action_id: 'show_token', value: 'cs1:website', accessibility_label: 'Show ci-deploy' },
    { action_id: 'show_a_token' },
  ])
  expect(reading(nearMatches({ typed: 'x', tokens: [] }).blocks)).toContain(
    'No token is called x, and there are no similar names.',
  )
  const notes = ['The stack is out of reach.']
  expect(nearMatches({ typed: 'x', tokens: [], notes }).text).toBe(
    'No token called x has been seen here so far. Choose another one. The stack is out of reach.',
  )
  expect(reading(nearMatches({ typed: 'x', tokens: [], notes }).blocks)).toBe(
    'No token called x has been seen here so far. Choose another one.\nThe stack is out of reach.\nChoose a token…',
  )
})

test('a long name leaves room for its stack', () => {
  const near = nearMatches({ typed: 'n', tokens: [titled({ name: 'n'.repeat(3000) })] })
  expect(reading(near.blocks)).toContain('… · Website')
})

test('more near matches than fit are counted', () => {
  const near = nearMatches({ typed: 'ci', tokens: Array.from({ length: 26 }, () => titled()) })
  expect(reading(near.blocks)).toContain('and 6 more: type more of the name')
})

test('a select offers names that contain what was typed, at most a hundred', () => {
  expect(nameOptions(['main', 'Feature-X', 'main'], ' feat ').map(({ value }) => value)).toEqual(['Feature-X'])
  expect(nameOptions(['main', 'main', ''], '').map(({ value }) => value)).toEqual(['main'])
  expect(
    nameOptions(
      Array.from({ length: 300 }, (_, i) => `b${i}`),
      '',
    ),
  ).toHaveLength(100)
  expect(tokenOptions([titled(), titled({ name: 'other' })], 'DEPLOY')).toEqual([
    {
      text: { type: 'plain_text', text: 'ci-deploy', emoji: false },
      value: 'cs1:website',
      description: { type: 'plain_text', text: 'Website', emoji: false },
    },
  ])
})

test('the help says that a secret value can be neither seen nor changed, and what to do for a new one', () => {
  const { text, blocks } = tokenHelp()
  for (const said of [text, JSON.stringify(blocks)])
    expect(said).toMatch(/secret value .*can't be viewed or changed.*generate a new token/)
})
