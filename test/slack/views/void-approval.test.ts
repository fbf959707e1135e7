import { expect, test } from 'vitest'
import { approvalLostMessage, revisedMessage } from '../../../src/slack/views/void-approval.ts'
import { alice, bob, carol } from '../../support/world.ts'
import { amended, approval, asked, lastApproval, lostQuorum } from './asked.ts'
import { buttonsIn, reading, stored } from './drawn.ts'

const around = { stackTitle: 'Website', cardLink: 'https://slack.example/card' }

test('an approver is told that their approval is void, what it is now, and where', () => {
  const change = asked({}, approval(bob), amended(carol))
  const said = revisedMessage(stored(change), around)
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

test('nobody is told to look again at what waits for nobody any more', () => {
  const change = asked({}, approval(bob), amended(carol), {
    type: 'cancelled',
    at: '2026-06-01T10:00:00.000Z',
    by: alice,
  })
  expect(revisedMessage(stored(change), around).text).toContain('is revision 2 now. It was cancelled by <@U0ALICE>')
})

test('whoever may not decide any more is told why, where the change stands, and whom to tell if that is wrong', () => {
  const change = asked({}, lastApproval(bob), lostQuorum(bob, 'guests may not use Countersign'))
  const said = approvalLostMessage(stored(change), around, 'guests may not use Countersign')
  const sentence =
    'Your approval of change #42 to token ci-deploy on Website no longer counts. When the approvals were counted again, ' +
    'this stood against it: guests may not use Countersign. The change is waiting for more approvals. If that is wrong, ' +
    'tell whoever runs Countersign.'
  expect(reading(said.blocks)).toBe(`${sentence}\n[Open the card](https://slack.example/card)`)
  expect(said.text).toBe(sentence)
  expect(buttonsIn(said)).toEqual([])
})
