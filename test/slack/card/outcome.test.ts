import { expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { outcomeMessage } from '../../../src/slack/card/outcome.ts'
import { alice, bob, carol, settings } from '../../support/world.ts'
import {
  amended,
  approval,
  asked,
  at,
  bothOfThem,
  drifted,
  inEveryStatus,
  lastApproval,
  rebased,
  started,
} from '../kit/asked.ts'
import { buttonsIn, reading, stored } from '../kit/drawn.ts'

const cardLink = 'https://slack.example/archives/C1/p1'

function outcome(change: Change, link: string | null = cardLink) {
  return outcomeMessage(stored(change), { stackTitle: 'Website', cardLink: link })
}

const applying = [lastApproval(bob), started]

test('the requester learns what it means, who must agree, and where the card is', () => {
  const sent = outcome(asked())
  expect(reading(sent.blocks)).toBe(
    [
      'Your change #42 to token ci-deploy on Website is waiting for 1 approval.',
      'Neutral: what the token may do stays the same.',
      'Approvals. Rule: small edits',
      '○ @U0BOB, @U0CAROL: needs 1 approval',
      `[Open the card](${cardLink})`,
    ].join('\n'),
  )
  expect(sent.text).toBe(
    'Your change #42 to token ci-deploy on Website is waiting for 1 approval. ' +
      'Neutral: what the token may do stays the same. Approvals: ○ <@U0BOB>, <@U0CAROL>: needs 1 approval. ' +
      'It asked for: Name from ci-deploy to ci-release.',
  )
  expect(reading(outcome(asked(), null).blocks)).not.toContain('Open the card')
})

test('a change that was rebased says so, over what, and what it would write now', () => {
  const moved = asked({}, drifted(settings({ description: 'by hand' })), rebased(alice))
  expect(reading(outcome(moved).blocks)).toMatch(
    /^Your change #42 to token ci-deploy on Website was rebased onto what had been changed elsewhere, and is waiting for 1 approval\.\n/,
  )
  expect(reading(outcome(moved).blocks)).toContain('What will be written\nName: ')
  expect(outcome(moved).text).toContain('was rebased onto what had been changed elsewhere, and is waiting')
  expect(reading(outcome(asked({}, drifted(settings()), rebased(bob))).blocks)).toContain('was rebased by @U0BOB onto')
})

test('nobody is told that they asked for what somebody else edited', () => {
  const edited = reading(outcome(asked({}, amended(carol), { type: 'rejected', at, by: bob, reason: 'No' })).blocks)
  expect(edited).toContain('It was edited by @U0CAROL.')
  expect(edited).toContain('What was asked for\nName: ci-deploy → ci-next')
  expect(edited).not.toContain('You asked')
})

test('what approvers wrote comes with their approval, before what can be done next', () => {
  const half = asked({}, approval(carol, 'Fine by me'), { type: 'rejected', at, by: bob, reason: 'No' })
  expect(reading(outcome(half).blocks)).toContain(
    'Approved by @U0CAROL.\n@U0CAROL wrote when approving:\nFine by me\nYou can ask again with another change.',
  )
})

test('the message says how it ended, and why', () => {
  const failed = asked({}, ...applying, { type: 'apply_refused', at, why: 'the name is taken' })
  expect(reading(outcome(failed).blocks)).toContain('failed 2026-06-01 09:00 UTC.\nWhy:\nthe name is taken')
  expect(outcome(failed).text).toContain('Why: the name is taken.')
  const rejected = asked({}, { type: 'rejected', at, by: bob, reason: 'not <now>' })
  expect(reading(outcome(rejected).blocks)).toContain(
    'was rejected by @U0BOB 2026-06-01 09:00 UTC.\nThe reason given:\nnot <now>',
  )
  expect(outcome(rejected).text).toContain('Why: not &lt;now&gt;.')
  const expired = asked({}, { type: 'expired', at })
  expect(reading(outcome(expired).blocks)).toContain('You can ask again with another change.')
})

test("approvers' comments reach the requester once it is decided", () => {
  const approvals = [approval(bob, 'Nice\n<!channel>'), lastApproval(carol)]
  const applied = asked({ requirement: bothOfThem }, ...approvals, started, { type: 'applied', at, written: true })
  expect(reading(outcome(applied).blocks)).toContain('@U0BOB wrote when approving:\nNice\n<!channel>')
  expect(reading(outcome(applied).blocks)).not.toContain('@U0CAROL wrote')
  expect(outcome(applied).text).toContain('<@U0BOB> wrote: Nice⟨U+000A⟩&lt;!channel&gt;.')
})

test('a stopped change says what differs, what collides and how to go on', () => {
  const change = asked({}, ...applying, drifted(settings({ name: 'by-hand' })))
  const text = reading(outcome(change).blocks)
  expect(text).toContain(
    'Changed meanwhile\nName: ci-deploy → by-hand\n' +
      'You asked\nName: ci-deploy → ci-release\nChanged by both: Name.',
  )
  expect(text).toContain('If you still want the change, press Rebase on its card')
  expect(outcome(change).text).toContain('The token has moved: Name from ci-deploy to by-hand.')
})

test('the request of a stopped change is not listed as something that was changed', () => {
  const change = asked({}, ...applying, drifted(settings({ description: 'By hand' })))
  expect(reading(outcome(change).blocks)).toContain(
    'Changed meanwhile\nDescription: Deploys from CI → By hand\n' +
      'You asked\nName: ci-deploy → ci-release\nIf you still want',
  )
})

test('every status has words of its own, and none has buttons', () => {
  const all = [...inEveryStatus(), asked({}, { type: 'cancelled', at, by: alice })]
  expect(new Set(all.map((change) => reading(outcome(change).blocks))).size).toBe(all.length - 1)
  expect(all.flatMap((change) => buttonsIn(outcome(change)))).toEqual([])
})
