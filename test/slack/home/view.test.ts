import { describe, expect, test } from 'vitest'
import { hasEnded } from '../../../src/domain/change/change.ts'
import { closedHome, homeView } from '../../../src/slack/home/view.ts'
import { homeLists, pageValue, readEditValue, readPageValue } from '../../../src/slack/kit/ids.ts'
import { bob, carol, settings } from '../../support/world.ts'
import { amended, approval, asked, at, drifted, inEveryStatus, lastApproval, started } from '../kit/asked.ts'
import { buttonsIn, parts, reading } from '../kit/drawn.ts'
import { cardLink, homeOf, listed, outsideEdit, pageOf } from './drawn-homes.ts'

const tables = { tables: true }
const plain = { tables: false }

/** The text below a heading, up to the next one. */
function below(heading: string, view: unknown): string {
  const headings = ['Needs you', 'Yours', 'Recently changed', 'Expiring soon', 'Outside edits to look at', 'Health']
  const text = reading(view)
  const start = text.indexOf(`\n${heading}\n`) + heading.length + 2
  const ends = headings.map((other) => text.indexOf(`\n${other}\n`, start - 1)).filter((end) => end >= start - 1)
  return text.slice(start, Math.min(...ends, text.length))
}

test('an empty Home says so, list by list', () => {
  const text = reading(homeView(homeOf(), tables))
  expect(text.slice(text.indexOf('Needs you'))).toBe(
    [
      'Needs you',
      'Nothing is waiting for you.',
      'Yours',
      'You have no open changes.',
      'Recently changed',
      'No change has ended yet.',
      'Expiring soon',
      'No known token expires within 30 days.',
      'Outside edits to look at',
      'None.',
      'Health',
      'The audit log has not been verified yet.',
    ].join('\n'),
  )
  expect(buttonsIn(homeView(homeOf(), tables))).toEqual(['edit_a_token', 'show_a_token', 'report'])
})

describe('Needs you', () => {
  test('names each change with what it means; the buttons open forms, since not all of it can be read there', () => {
    const after = settings({ name: 'b', expiresOn: null })
    const view = homeView(homeOf({ needs: pageOf('needs', [listed(asked({ after }))]) }), tables)
    expect(below('Needs you', view)).toBe(
      [
        '#42 Removes the expiry of ci-deploy, and 1 more · Website. It is waiting for 1 approval. [Open the card](https://slack.example/card)',
        'Widens: was to expire on 2027-01-31.',
        'Asked for by @U0ALICE; open until 2026-06-08 09:00 UTC.',
        '○ @U0BOB, @U0CAROL: needs 1 approval',
        'Approve…',
        'Reject…',
      ].join('\n'),
    )
    const buttons = parts(view).filter(({ value }) => String(value).startsWith('42:1:'))
    expect(buttons.map(({ action_id }) => action_id)).toEqual(['approve_with_comment', 'reject'])
  })

  test('says that a backup was put back, above the buttons', () => {
    const change = { ...asked(), putBackAt: '2026-06-02T09:00:00.000Z' }
    const text = below('Needs you', homeView(homeOf({ needs: pageOf('needs', [listed(change)]) }), tables))
    expect(text).toContain('It is waiting for 1 approval; a backup was put back since it was asked for.')
    expect(text).toMatch(
      /A backup of the database was put back 2026-06-02 09:00 UTC\. .* before you approve it\.\nApprove…/,
    )
  })

  test('says for how many changes nobody could tell if they need you', () => {
    expect(reading(homeView(homeOf({ unclear: 2 }), tables))).toContain(
      'Countersign could not tell just now whether 2 more changes need you',
    )
    expect(reading(homeView(homeOf({ unclear: 0 }), tables))).not.toContain('nobody could say')
  })
})

describe('Yours', () => {
  test.each([
    ['waits', asked({}, approval(bob)), ['amend', 'nudge', 'cancel']],
    ['is a new revision', asked({}, amended(carol)), ['amend', 'nudge', 'cancel']],
    ['is approved', asked({}, lastApproval(bob)), ['cancel']],
    ['is being applied', asked({}, lastApproval(bob), started), []],
    ['was stopped', asked({}, lastApproval(bob), started, drifted(settings({ name: 'x' }))), ['rebase', 'cancel']],
  ])('offers for a change that %s what its requester can do', (_, change, buttons) => {
    const view = homeView(homeOf({ yours: pageOf('yours', [listed(change, null)]) }), tables)
    const ours = parts(view).filter(({ value }) => String(value).startsWith(`42:${change.revision}:`))
    expect(ours.map(({ action_id }) => action_id)).toEqual(buttons)
    expect(below('Yours', view)).toMatch(/^#42 Renames ci-deploy to \S+ · Website\. It /)
  })
})

describe('Recently changed', () => {
  const ended = inEveryStatus().filter(hasEnded)
  const recent = pageOf(
    'recent',
    ended.map((change) => listed(change)),
  )

  test('is a table with who asked, who approved, the outcome and when', () => {
    const view = homeView(homeOf({ recent }), tables)
    const [table] = parts(view).filter(({ type }) => type === 'table')
    const rows = (table!.rows as unknown[][]).map((row) => row.map((cell) => reading(cell)))
    const change = [`[#42](${cardLink}) Renames ci-deploy to ci-release`, 'ci-deploy on Website', '@U0ALICE']
    const when = '2026-06-01 09:00 UTC'
    expect(rows).toEqual([
      ['Change', 'Token', 'Asked for by', 'Approved by', 'Outcome', 'When'],
      [...change, '@U0BOB', 'Applied', when],
      [...change, '@U0BOB', 'Failed. Why: the name is taken', when],
      [...change, 'nobody', 'Rejected by @U0BOB', when],
      [...change, 'nobody', 'Cancelled by @U0ALICE', when],
      [...change, 'nobody', 'Expired', '2026-06-08 09:00 UTC'],
    ])
    const nothing = asked({}, lastApproval(bob), started, { type: 'applied', at, written: false })
    const again = homeView(homeOf({ recent: pageOf('recent', [listed(nothing)]) }), tables)
    expect(reading(again)).toContain('The token was already set this way')
  })

  test('says the same line by line where Slack does not accept a table', () => {
    const view = homeView(homeOf({ recent }), plain)
    expect(parts(view).filter(({ type }) => type === 'table')).toEqual([])
    const [applied, failed, rejected] = below('Recently changed', view).split('\n')
    expect(applied).toBe(
      `#42 Renames ci-deploy to ci-release · Website. It was applied 2026-06-01 09:00 UTC. Asked for by @U0ALICE, approved by @U0BOB. [Open the card](${cardLink})`,
    )
    expect(failed).toContain('failed 2026-06-01 09:00 UTC. Why: the name is taken. Asked for by @U0ALICE')
    expect(rejected).toContain(
      'was rejected by @U0BOB 2026-06-01 09:00 UTC. Asked for by @U0ALICE, approved by nobody.',
    )
  })
})

test.each([
  ['2027-01-31', '2027-01-31'],
  ['2027-01-31T00:00:00.000Z', '2027-01-31'],
  ['soon', 'soon'],
])('Expiring soon says of an expiry that Contentstack gives as %s that it is %s', (expiresOn, day) => {
  const token = { stack: 'website', uid: 't1', settings: settings({ expiresOn }) }
  const view = homeView(homeOf({ expiring: pageOf('expiring', [{ token, stackTitle: 'Website' }]) }), tables)
  expect(below('Expiring soon', view)).toContain(`ci-deploy · Website · expires ${day}\n`)
})

test('Expiring soon names the day, and leads to the form and to the page', () => {
  const token = { stack: 'website', uid: 't1', settings: settings() }
  const view = homeView(homeOf({ expiring: pageOf('expiring', [{ token, stackTitle: 'Website' }]) }), tables)
  expect(below('Expiring soon', view)).toBe('ci-deploy · Website · expires 2027-01-31\nEdit\nShow')
  expect(parts(view).filter(({ action_id }) => action_id === 'edit_this_token')).toMatchObject([
    { value: 't1:website' },
  ])
  expect(parts(view).filter(({ action_id }) => action_id === 'show_token')).toMatchObject([{ value: 't1:website' }])
})

test('Outside edits say what differs, what it means and who did it, until somebody has looked', () => {
  const [before, after] = [settings(), settings({ expiresOn: null, description: 'By hand' })]
  const edits = [outsideEdit({ before, after }), { ...outsideEdit({ by: null, editedAt: null }), seq: 8 }]
  const outside = pageOf(
    'outside',
    edits.map((edit) => ({ edit, stackTitle: 'Website' })),
  )
  const view = homeView(homeOf({ outside }), tables)
  expect(below('Outside edits to look at', view)).toBe(
    [
      'ci-deploy on Website, edited 2026-06-01 09:00 UTC by blt1 (Contentstack user), found 2026-06-01 10:00 UTC.',
      'Widens: no longer expires.',
      'Description: Deploys from CI → By hand',
      'Expires: 2027-01-31 → never',
      'Looked at',
      'Edit',
      'Show',
      'ci-deploy on Website, edited by somebody the stack does not name, found 2026-06-01 10:00 UTC.',
      'Neutral: what the token may do stays the same.',
      'Description: Deploys from CI → By hand',
      'Looked at',
      'Edit',
      'Show',
    ].join('\n'),
  )
  expect(parts(view).flatMap(({ action_id, value }) => (action_id === 'looked_at' ? [value] : []))).toEqual(['7', '8'])
})

test('an outside edit of many fields is shown in part', () => {
  const after = settings({
    name: 'a',
    description: 'b',
    branches: ['c'],
    aliases: ['d'],
    expiresOn: null,
    emailNotice: false,
    rateLimits: { kind: 'custom', read: 1, write: 1 },
  })
  const outside = pageOf('outside', [{ edit: outsideEdit({ after }), stackTitle: 'Website' }])
  expect(below('Outside edits to look at', homeView(homeOf({ outside }), tables))).toContain('\nand 2 more fields\n')
})

describe('the health line', () => {
  const lookedAt = '2026-06-01T08:00:00.000Z'
  test.each([
    [{ at: lookedAt, failed: false }, 'Website can be reached; all its tokens were last listed 2026-06-01 08:00 UTC.'],
    [
      { at: lookedAt, failed: true },
      "Website can't be looked at: what is shown of it dates from 2026-06-01 08:00 UTC or later.",
    ],
    [{ at: null, failed: true }, "Website can't be looked at: what is shown of it may be out of date."],
    [
      { at: null, failed: true, unlisted: true },
      "Website can't be looked at, and its tokens have not been listed yet.",
    ],
    [{ at: null, failed: false }, 'Website: its tokens have not been listed yet.'],
    [
      { at: lookedAt, failed: true, shut: { why: 'the authtoken is not accepted' } },
      'Website does not let Countersign in, since the authtoken is not accepted: what is shown of it dates from 2026-06-01 08:00 UTC or later.',
    ],
  ])('says how the last look went: %j', (look, said) => {
    const health = {
      looks: [{ stackTitle: 'Website', shut: null, ...look }],
      verified: null,
      closedRules: [],
      unreadable: [],
    }
    expect(below('Health', homeView(homeOf({ health }), tables)).split('\n')[0]).toBe(said)
  })

  test('says for a channel without cards that waiting changes go on, and for a policy that nobody can fulfil it', () => {
    const closedRules = [
      { of: 'policy', before: 'The policy of ', stacks: ['Shop'], after: ': the rule "both" is closed.' },
      { of: 'channel', before: 'The approvals channel C1 of ', stacks: ['Website'], after: ' is archived.' },
    ] as const
    const health = { looks: [], verified: null, closedRules, unreadable: [] }
    expect(
      below('Health', homeView(homeOf({ health }), tables))
        .split('\n')
        .slice(0, 4),
    ).toEqual([
      'Closed: The approvals channel C1 of Website is archived.',
      'Nothing can be asked for or edited there until that is fixed. What already waits can still be decided on, here too. Tell whoever runs Countersign.',
      'Closed: The policy of Shop: the rule "both" is closed.',
      "Changes that need it can't be asked for or approved until that is fixed. Tell whoever runs Countersign.",
    ])
  })

  test("names the parts of the database that can't be read", () => {
    const health = { looks: [], verified: null, closedRules: [], unreadable: ['change #3', 'entry #7 of the log'] }
    expect(below('Health', homeView(homeOf({ health }), tables)).split('\n')[0]).toBe(
      "Can't be read from the database, and left out here: change #3, entry #7 of the log. Tell whoever runs Countersign.",
    )
  })

  test.each([
    [true, true, 'The audit log was verified 2026-06-01 09:00 UTC: 1,234 entries, intact and complete.'],
    [
      true,
      null,
      'The audit log was verified 2026-06-01 09:00 UTC: 1,234 entries, intact; it is not known whether it is complete.',
    ],
    [
      false,
      true,
      'The audit log has been tampered with, as a check found 2026-06-01 09:00 UTC: tell whoever runs Countersign.',
    ],
    [
      true,
      false,
      'The audit log has been tampered with, as a check found 2026-06-01 09:00 UTC: tell whoever runs Countersign.',
    ],
  ])('gives the result of the last check of the log: intact %s, complete %s', (intact, complete, said) => {
    const verified = { seq: 1, at, fact: { type: 'log_verified', intact, complete, size: 1234, head: 'h' } } as const
    expect(
      below('Health', homeView(homeOf({ health: { looks: [], verified, closedRules: [], unreadable: [] } }), tables)),
    ).toBe(said)
  })
})

test('the reason that nothing can be done at present is above everything', () => {
  const view = homeView(homeOf({ closed: 'Countersign only reads.' }), tables)
  expect(reading(view)).toMatch(/^Countersign only reads\.\n/)
})

describe('turning pages', () => {
  const many = Array.from({ length: 12 }, (_, i) => listed({ ...asked(), id: i + 1 }))
  const turning = (page: number) => {
    const view = homeView(homeOf({ needs: pageOf('needs', many, page) }), tables)
    const turns = parts(view).filter(({ action_id }) => String(action_id).startsWith('home_'))
    return { text: below('Needs you', view), turns: turns.map(({ action_id, value }) => `${action_id} ${value}`) }
  }

  test('leads on from the first page, both ways from the middle, and back from the last', () => {
    expect(turning(0).text).toContain('1 to 5 of 12 entries\nOlder')
    expect(turning(0).turns).toEqual(['home_older needs:1'])
    expect(turning(1).text).toContain('6 to 10 of 12 entries\nNewer\nOlder')
    expect(turning(1).turns).toEqual(['home_newer needs:0', 'home_older needs:2'])
    expect(turning(2).text).toMatch(/#11 [\s\S]*#12 [\s\S]*11 to 12 of 12 entries\nNewer$/)
    expect(turning(2).turns).toEqual(['home_newer needs:1'])
  })

  test('shows the last page to somebody who has turned beyond it since', () => {
    expect(turning(9)).toEqual(turning(2))
  })

  test('a list of one page has nothing to turn', () => {
    const view = homeView(homeOf({ needs: pageOf('needs', many.slice(0, 5)) }), tables)
    expect(reading(view)).not.toContain('entries')
    expect(buttonsIn(view)).not.toContain('home_older')
  })

  test('a button carries the list and the page, and nothing else is read', () => {
    for (const list of homeLists) expect(readPageValue(pageValue({ list, page: 3 }))).toEqual({ list, page: 3 })
    for (const text of [undefined, 'needs', 'needs:', 'needs:-1', 'needs:1e3', 'toString:1', 'needs:1:1'])
      expect(() => readPageValue(text)).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(readEditValue('17')).toBe(17)
    for (const text of [undefined, '', '-1', '1.5', '1 ', 'x'])
      expect(() => readEditValue(text)).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})

test('somebody who may do nothing here sees why, and no button', () => {
  const view = closedHome('This is not for you: guests may not use Countersign.')
  expect(reading(view)).toBe('This is not for you: guests may not use Countersign.')
  expect(buttonsIn(view)).toEqual([])
})
