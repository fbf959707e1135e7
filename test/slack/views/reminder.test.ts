import { expect, test } from 'vitest'
import { reminderMessage } from '../../../src/slack/views/reminder.ts'
import { alice, bob, carol } from '../../support/world.ts'
import { amended, approval, asked, bothOfThem, lastApproval, lostQuorum, owners, twoParties } from './asked.ts'
import { parts, reading, stored } from './drawn.ts'

const remind = (change = asked()) => reminderMessage(stored(change), 'Website')
const mentioned = (change = asked()) =>
  parts(remind(change).blocks).flatMap((part) =>
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

test('those who can decide are mentioned once each, and nobody who asked or has approved', () => {
  expect(mentioned(asked({ requirement: bothOfThem }, approval(bob)))).toEqual([carol])
  const parties = [
    { from: [alice, bob, owners], quorum: 1 },
    { from: [bob, carol], quorum: 1 },
  ]
  expect(mentioned(asked({ requirement: { ...twoParties, parties } }))).toEqual([bob, owners, carol])
  expect(mentioned(asked({ requirement: bothOfThem }, amended(carol)))).toEqual([bob])
})

test('whoever lost the right that their approval rested on is asked like anybody else', () => {
  expect(mentioned(asked({}, lastApproval(bob), lostQuorum(bob, 'approved something else')))).toEqual([bob, carol])
})
