import { expect, test } from 'vitest'
import { type Change, evolve } from '../../../src/domain/change.ts'
import { outcomeMessage } from '../../../src/slack/views/outcome.ts'
import { applying, proposedAt as at, inEveryStatus, pending } from '../../support/changes.ts'
import { bob, policy, settings } from '../../support/world.ts'
import { buttonsIn, reading, stored } from './drawn.ts'

const cardLink = 'https://slack.example/archives/C1/p1'

function outcome(change: Change, link: string | null = cardLink) {
  return outcomeMessage(stored(change), { policy, stackTitle: 'Website', cardLink: link })
}

test('the requester learns who is asked, and where the card is', () => {
  const sent = outcome(pending())
  expect(reading(sent.blocks)).toBe(
    [
      'Your change #42 to token ci-deploy on Website is waiting for 1 approval.',
      'Asked: @U0BOB, @U0CAROL',
      `[Open the card](${cardLink})`,
    ].join('\n'),
  )
  expect(sent.text).toBe(
    'Your change #42 to token ci-deploy on Website is waiting for 1 approval. It asked for: Name from ci-deploy to ci-release.',
  )
  expect(reading(outcome(pending(), null).blocks)).not.toContain('Open the card')
})

test('the message says how it ended, and why', () => {
  const failed = evolve(applying(), { type: 'apply_refused', at, why: 'the name is taken' })
  expect(reading(outcome(failed).blocks)).toContain('did not take it as asked.\nWhy:\nthe name is taken')
  expect(outcome(failed).text).toContain('Why: the name is taken.')
  const rejected = evolve(pending(), { type: 'rejected', at, by: bob, reason: 'not <now>' })
  expect(reading(outcome(rejected).blocks)).toContain(
    'was rejected by @U0BOB 2026-06-01 09:00 UTC.\nThe reason given:\nnot <now>',
  )
  expect(outcome(rejected).text).toContain('Why: not &lt;now&gt;.')
})

test('a stopped change says what differs and how to go on', () => {
  const drifted = evolve(applying(), { type: 'drift_found', at, live: settings({ name: 'by-hand' }) })
  const text = reading(outcome(drifted).blocks)
  expect(text).toContain('What differs:\nName, when asked: ci-deploy\nName, now: by-hand\nName, asked for: ci-release')
  expect(text).toContain('If you still want the change, ask again')
})

test('every status has words of its own, and none has buttons', () => {
  const all = inEveryStatus()
  expect(new Set(all.map((change) => reading(outcome(change).blocks))).size).toBe(all.length)
  expect(all.flatMap((change) => buttonsIn(outcome(change)))).toEqual([])
})
