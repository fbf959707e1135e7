import { expect, test } from 'vitest'
import { reminderMessage } from '../../../src/slack/card/reminder.ts'
import { alice, bob, carol } from '../../support/world.ts'
import { asked, at, owners } from '../kit/asked.ts'
import { parts, reading, stored } from '../kit/drawn.ts'

const remind = (called = [bob, carol]) => reminderMessage(stored(asked()), { stackTitle: 'Website', asked: called })
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
  const said = reminderMessage(stored(orphaned), { stackTitle: 'Website', asked: [bob] })
  expect(reading(said.blocks)).toMatch(/^@U0BOB: please take over or cancel it on the card\./)
  expect(said.text).toContain('is waiting to be taken over or cancelled.')
  const ended = reminderMessage(stored({ ...orphaned, heirless: true }), { stackTitle: 'Website', asked: [bob] })
  expect(reading(ended.blocks)).toMatch(/^@U0BOB: please reject or cancel it on the card\./)
})

test('if nobody is left who could decide, it says whom to tell', () => {
  expect(mentioned([])).toEqual([])
  const said = reminderMessage(stored(asked()), { stackTitle: 'Website', asked: [] })
  expect(reading(said.blocks)).toMatch(
    /^Apart from those who have approved it, nobody can decide on it right now: ask whoever runs/,
  )
  expect(said.text).toContain('Apart from those who have approved it, nobody can decide on it right now')
})
