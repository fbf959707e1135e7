import { describe, expect, test } from 'vitest'
import { askedAndApplied, startWorld, transports } from '../support/journey.ts'
import type { Filled } from '../support/person.ts'

const branches = { module: 'branch', acl: { read: true }, branches: ['main', 'development'] }
const alias = { module: 'branch_alias', acl: { read: true }, branch_aliases: ['live'] }
const contentTypes = { module: 'content_type', acl: { read: true } }
const entries = { module: 'entry', acl: { read: true, write: true } }

/** A token with every setting, and a field that no public text mentions. */
const robot = {
  uid: 'blt5c1de0000000c001',
  name: 'robot',
  description: 'Does everything',
  scope: [contentTypes, entries, branches, alias],
  expires_on: '2031-05-04',
  is_email_notification_enabled: true,
  rate_limit_enabled: true,
  rate_limit: { read: 20, write: 10, burst: 3 },
  internal_note: { kept: true },
}

type Edit = { what: string; fill: Filled; shown: string; becomes: object }

const edits: Edit[] = [
  {
    what: 'the name',
    fill: { name: 'Robot & Söhne' },
    shown: 'Name: robot → Robot & Söhne',
    becomes: { name: 'Robot & Söhne' },
  },
  {
    what: 'the description',
    fill: { description: 'Two\nlines' },
    shown: 'Description, before:\nDoes everything\nDescription, after:\nTwo\nlines',
    becomes: { description: 'Two\nlines' },
  },
  {
    what: 'no description',
    fill: { description: null },
    shown: 'Description: Does everything → none',
    becomes: { description: '' },
  },
  {
    what: 'branches',
    fill: { branches: ['feature-x', 'main'] },
    shown: 'Branches: development, main → feature-x, main',
    becomes: { scope: [contentTypes, entries, { ...branches, branches: ['feature-x', 'main'] }, alias] },
  },
  {
    what: 'no alias',
    fill: { aliases: [] },
    shown: 'Branch aliases: live (→ main) → none',
    becomes: { scope: [contentTypes, entries, branches] },
  },
  {
    what: 'aliases',
    fill: { aliases: ['preview', 'live'] },
    shown: 'Branch aliases: live (→ main) → live (→ main), preview (→ development)',
    becomes: { scope: [contentTypes, entries, branches, { ...alias, branch_aliases: ['preview', 'live'] }] },
  },
  {
    what: 'access to the whole stack',
    fill: { everything: 'write' },
    shown:
      'Whole stack: no access → read and write\nContent types: read → as the whole stack\nEntries: read and write → as the whole stack',
    becomes: { scope: [branches, alias, { module: '$all', acl: { read: true, write: true } }] },
  },
  {
    what: 'access per module',
    fill: { 'module.content_type': 'none', 'module.entry': 'read', 'module.webhook': 'write' },
    shown: 'Content types: read → no access\nEntries: read and write → read\nWebhooks: no access → read and write',
    becomes: {
      scope: [
        { ...entries, acl: { read: true } },
        branches,
        alias,
        { module: 'webhook', acl: { read: true, write: true } },
      ],
    },
  },
  {
    what: 'the day of expiry',
    fill: { date: '2032-01-01' },
    shown: 'Expires: 2031-05-04 → 2032-01-01 (it stops working 2032-01-01 00:00 UTC)',
    becomes: { expires_on: '2032-01-01' },
  },
  { what: 'no expiry', fill: { expiry: 'never' }, shown: 'Expires: 2031-05-04 → never', becomes: { expires_on: null } },
  {
    what: 'the e-mail notice',
    fill: { emailNotice: [] },
    shown: 'E-mail 7 days before expiry: yes → no',
    becomes: { is_email_notification_enabled: false },
  },
  {
    what: 'custom rate limits',
    fill: { readRate: '99', writeRate: '9' },
    shown: 'Rate limits: 20 reads and 10 writes a second → 99 reads and 9 writes a second',
    becomes: { rate_limit: { read: 99, write: 9, burst: 3 } },
  },
  {
    what: "the organisation's rate limits",
    fill: { rates: 'organisation' },
    shown: "Rate limits: 20 reads and 10 writes a second → the organisation's",
    becomes: { rate_limit_enabled: false },
  },
]

const modes = ['replace', 'merge'] as const

describe.each(modes)('a stack whose updates %s gets', (update) => {
  // How Slack reaches the app decides nothing here: each edit goes one way with one kind of stack, and the other with the other.
  const oneWay = edits.map((edit, i) => ({ ...edit, transport: transports[(i + modes.indexOf(update)) % 2]! }))
  test.each(oneWay)('$what exactly as shown and approved, and nothing else, over $transport', async (edit) => {
    const { fill, shown, becomes, transport } = edit
    const { alice, bob, stack, slack, audit } = await startWorld({
      transport,
      stack: { tokens: [robot], behaviour: { update } },
    })
    const before = stack.token(robot.uid)!
    const card = await alice.asksFor('robot', fill)
    expect(bob.readsCard(card)).toContain(`What will be written\n${shown}\nApprovals`)
    expect(stack.token(robot.uid)).toEqual(before)

    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    const { updated_at, updated_by } = stack.token(robot.uid)!
    expect(stack.token(robot.uid)).toEqual({ ...before, ...becomes, updated_at, updated_by })
    expect(stack.takenUpdates()).toBe(1)
    expect(bob.readsCard(card)).toContain(`What was written\n${shown}\n`)
    expect(await audit(1)).toEqual(askedAndApplied)
  })
})

test.each(modes)('an expiry that came as an instant goes back as one, where updates %s', async (update) => {
  const tokens = [{ ...robot, expires_on: '2031-05-04T00:00:00.000Z' }]
  const { alice, bob, stack, slack } = await startWorld({
    transport: 'socket',
    stack: { tokens, behaviour: { update } },
  })
  const card = await alice.asksFor('robot', { date: '2032-01-01' })
  await bob.approves(card)
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  expect(stack.token(robot.uid)?.expires_on).toBe('2032-01-01T00:00:00.000Z')
})
