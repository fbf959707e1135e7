import { expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { reminderMessage } from '../../../src/slack/card/reminder.ts'
import { alice, bob, carol, dave } from '../../support/world.ts'
import { approval, asked, at, owners, security, twoParties } from '../kit/asked.ts'
import { parts, reading, stored } from '../kit/drawn.ts'

const remind = (called = [bob, carol]) =>
  reminderMessage(stored(asked()), { stackTitle: 'Website', called: { ids: called, inGroups: {} } })
const mentioned = (called: string[]) =>
  parts(remind(called).blocks).flatMap((part) =>
    part.type === 'user' || part.type === 'usergroup' ? [part.user_id ?? part.usergroup_id] : [],
  )

test('a reminder says who is waited for, what it means and until when', () => {
  expect(reading(remind().blocks)).toBe(
    [
      '@U0BOB, @U0CAROL: please approve or reject it on the card.',
      'Change #42 to token ci-deploy on Website is waiting for 1 approval.',
      'Neutral: what the token may do stays the same.',
      'It expires 2026-06-08 09:00 UTC.',
    ].join('\n'),
  )
  expect(remind().text).toBe(
    'Change #42 to token ci-deploy on Website is waiting for 1 approval. Neutral: what the token may do stays the same. ' +
      '<@U0BOB>, <@U0CAROL>: please approve or reject it on the card. ' +
      'It expires <!date^1780909200^{date_short_pretty} at {time}|2026-06-08 09:00 UTC>.',
  )
})

test('those who can decide are mentioned, people and groups alike, and nobody else', () => {
  expect(mentioned([carol, owners])).toEqual([carol, owners])
})

test('a reminder of a change that waits to be taken over asks for that', () => {
  const barred = [{ by: alice, why: 'deactivated members may not use Countersign' }]
  const orphaned = asked({}, { type: 'askers_barred', at, barred })
  const said = reminderMessage(stored(orphaned), { stackTitle: 'Website', called: { ids: [bob], inGroups: {} } })
  expect(reading(said.blocks)).toMatch(/^@U0BOB: please take over or cancel it on the card\./)
  expect(said.text).toContain('is waiting to be taken over or cancelled.')
  const ended = reminderMessage(stored({ ...orphaned, heirs: [] }), {
    stackTitle: 'Website',
    called: { ids: [bob], inGroups: {} },
  })
  expect(reading(ended.blocks)).toMatch(/^@U0BOB: please reject or cancel it on the card\./)
})

test('if nobody is left who could decide, it says whom to tell', () => {
  expect(mentioned([])).toEqual([])
  const said = reminderMessage(stored(asked()), { stackTitle: 'Website', called: { ids: [], inGroups: {} } })
  expect(reading(said.blocks)).toMatch(
    /^Apart from those who have approved it, nobody can decide on it right now: ask whoever runs/,
  )
  expect(said.text).toContain('Apart from those who have approved it, nobody can decide on it right now')
})

test('under a rule of several parties, it calls those that are still needed, and nobody who has approved', () => {
  const half = { ...asked({ requirement: twoParties }, approval(dave)), seated: [[[dave], []]] }
  const called = { ids: [owners, carol], inGroups: { [security]: [carol] } }
  const said = reminderMessage(stored(half as Change), { stackTitle: 'Website', called })
  expect(reading(said.blocks)).toMatch(
    /^Still needed: please approve or reject it on the card\.\n○ @S0OWNERS: needs 1 approval\nChange #42 to token/,
  )
  expect(said.text).toContain('Still needed: please approve or reject it on the card. ○ <!subteam^S0OWNERS>: needs 1')
  for (const text of [JSON.stringify(said.blocks), said.text]) expect(text).not.toContain(dave)
})

test('where one of a group has approved, the others of it are called by themselves', () => {
  const requirement = { ...twoParties, parties: [{ from: [security], quorum: 2 }, twoParties.parties[1]!] }
  const half = { ...asked({ requirement }, approval(dave)), seated: [[[dave], []]] }
  const called = { ids: [owners, bob, carol], inGroups: { [security]: [bob, carol] } }
  const said = reminderMessage(stored(half as Change), { stackTitle: 'Website', called })
  expect(reading(said.blocks)).toContain('○ @U0BOB, @U0CAROL: needs 1 more\n○ @S0OWNERS: needs 1 approval\n')
  expect(JSON.stringify(said.blocks)).not.toContain(security)
  const nobody = reminderMessage(stored(half as Change), {
    stackTitle: 'Website',
    called: { ids: [bob], inGroups: {} },
  })
  expect(reading(nobody.blocks)).toContain('○ nobody who can decide now: needs 1 approval')
})
