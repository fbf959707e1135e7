import { expect, test } from 'vitest'
import { pressedInWords } from '../../../src/cli/change/pressed-words.ts'

const shown = { revision: 2, seal: 'abc' }
const ts = '1796000000.123456'

test('of a press on a card, `change show` says on which message, when by Slack’s clock, and what was shown', () => {
  expect(pressedInWords({ channel: 'C1', message: '17.5', ts, ...shown })).toBe(
    "pressed on message 17.5 in channel C1 at 2026-11-30 00:53:20 UTC by Slack's clock, which showed revision 2 (seal abc)",
  )
})

test('of a form, it says what had opened it', () => {
  expect(pressedInWords({ view: 'V1', opened: { view: 'V0', ts }, ...shown })).toBe(
    "sent in view V1, opened on view V0 at 2026-11-30 00:53:20 UTC by Slack's clock, which showed revision 2 (seal abc)",
  )
})

test('what Slack did not say, or not as a time, is shown as it came', () => {
  expect(pressedInWords({ view: 'V1', ...shown })).toBe('pressed on view V1, which showed revision 2 (seal abc)')
  expect(pressedInWords({ ts: 'soon', ...shown })).toBe(
    "pressed on view unknown at soon by Slack's clock, which showed revision 2 (seal abc)",
  )
})
