import { expect, test } from 'vitest'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { approvalLostMessage, revisedMessage } from '../../../src/slack/card/void-approval.ts'
import { alice, bob, carol, settings } from '../../support/world.ts'
import { amended, approval, asked, at, drifted, lastApproval, lostQuorum, rebased } from '../kit/asked.ts'
import { buttonsIn, reading, stored } from '../kit/drawn.ts'

const around = { stackTitle: 'Website', cardLink: 'https://slack.example/card' }

test('an approver is told that their approval is void, what it is now, and where', () => {
  const change = asked({}, approval(bob), amended(carol))
  const said = revisedMessage(stored(change), around, at)
  expect(reading(said.blocks)).toBe(
    [
      'Your approval of change #42 to token ci-deploy on Website no longer counts: the change has been edited since, and is ' +
        'revision 2 now. Look at it again. It is waiting for 1 approval.',
      'Neutral: what the token may do stays the same.',
      '[Open the card](https://slack.example/card)',
    ].join('\n'),
  )
  expect(said.text).toContain('is revision 2 now')
  expect(buttonsIn(said)).toEqual([])
})

test('an approver is told that it was rebased and over what, not that it was edited', () => {
  const stopped = [approval(bob), drifted(settings({ name: 'by-hand' }))]
  const said = (...events: ChangeEvent[]) => revisedMessage(stored(asked({}, ...stopped, ...events)), around, at).text
  expect(said(rebased(alice))).toContain(
    'no longer counts: the change has been rebased since, onto what had been changed elsewhere, and is revision 2 now.',
  )
  expect(said(rebased(alice, { over: { by: [7], elsewhere: false } }))).toContain(
    'onto what had been changed by #7, and',
  )
  expect(said(rebased(alice, { over: { elsewhere: false } }))).toContain('onto the token as it was then, and')
})

test('somebody who approved the rebased revision is told about the edit since', () => {
  const events = [drifted(settings({ name: 'by-hand' })), rebased(alice), amended(carol)]
  expect(revisedMessage(stored(asked({}, ...events)), around, '2026-06-01T11:00:00.000Z').text).toContain(
    'edited since',
  )
})

test('nobody is told to look again at a change that no longer waits for anybody', () => {
  const change = asked({}, approval(bob), amended(carol), {
    type: 'cancelled',
    at: '2026-06-01T10:00:00.000Z',
    by: alice,
  })
  expect(revisedMessage(stored(change), around, at).text).toContain('is revision 2 now. It was cancelled by <@U0ALICE>')
})

test('somebody who may no longer decide is told why, where the change stands, and whom to tell if that is wrong', () => {
  const change = asked({}, lastApproval(bob), lostQuorum(bob, 'guests may not use Countersign'))
  const said = approvalLostMessage(stored(change), around, 'guests may not use Countersign')
  const sentence =
    'Your approval of change #42 to token ci-deploy on Website no longer counts. When the approvals were counted again, ' +
    'it was left out for this reason: guests may not use Countersign. The change is waiting for more approvals. If that is wrong, ' +
    'tell whoever runs Countersign.'
  expect(reading(said.blocks)).toBe(`${sentence}\n[Open the card](https://slack.example/card)`)
  expect(said.text).toBe(sentence)
  expect(buttonsIn(said)).toEqual([])
})
