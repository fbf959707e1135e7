import { expect, test } from 'vitest'
import { NotInTime, Outage } from '../../../src/domain/outside-trouble.ts'
import { SlackBusy, SlackUnheard } from '../../../src/slack/calls/said.ts'
import { refuseSince } from '../../../src/workflow/changes/outages.ts'

test.each([
  [
    'Slack wants to be left alone',
    new SlackBusy('users.info', 600),
    '(Slack got too many calls to users.info, so Countersign pauses them for 600 s), so nothing was done. Try again after that.',
  ],
  ['there is an outage', new Outage('It is down'), '(It is down), so nothing was done. Try again in a minute.'],
  ['nothing came in time', new NotInTime('It is slow'), '(It is slow), so nothing was done. Try again.'],
  [
    'the answer is a page with a token in it',
    new Error(`<!DOCTYPE html>\n  xoxb-1-secret ${'x'.repeat(6000)}`),
    `(<!DOCTYPE html> [secret] ${'x'.repeat(274)}…), so nothing was done. Try again in a minute.`,
  ],
])('somebody who cannot be served since %s is told when to try again', (_, error, says) => {
  expect(() => refuseSince('Nobody could be asked')(error)).toThrow(`Nobody could be asked ${says}`)
})

test('names of machines and calls are left to the logs', () => {
  const error = new SlackUnheard(
    'users.info',
    'proxy.internal:3128 answered with something that is not JSON (HTTP status 200)',
  )
  expect(() => refuseSince('Nobody could be asked')(error)).toThrow(
    expect.objectContaining({
      message: 'Nobody could be asked, so nothing was done. Try again in a minute.',
      noted: expect.stringContaining('(Slack gave no answer to users.info: proxy.internal:3128 answered'),
      cause: error,
    }),
  )
})
