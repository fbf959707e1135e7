import { expect, test } from 'vitest'
import { inWords } from '../../../src/cli/change/log-words.ts'
import type { Answer } from '../../../src/domain/change/write.ts'
import { proposedAt as at } from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const why = 'so it came'

test.each<[Answer, string]>([
  [{ kind: 'taken' }, 'sent an update, and the stack said that it took it'],
  [{ kind: 'unknown', why }, `sent an update, and got an answer that proves nothing: ${why}`],
  [{ kind: 'none', why }, `sent an update, or was about to, and does not know the answer: ${why}`],
  [{ kind: 'refused', why }, `had its update refused: ${why}`],
  [{ kind: 'busy', why }, `could not get an update through: ${why}`],
])('about an update that was answered with $kind, the log says no more than that', (answer, words) => {
  expect(inWords({ type: 'write_answered', at, sentAt: at, answer })).toBe(words)
})

test.each([
  [{ written: true }, /^found it applied$/],
  [{ written: true, stored: settings() }, /^found it applied, some of it not as asked for$/],
  [{ written: true, sentAt: null, watchUntil: at }, /^counted it as applied: the stack's answer showed it/],
  [{ written: false }, 'found that the token was already as asked, and wrote nothing'],
  [{ written: false, sentAt: null }, /already as asked$/],
])('about a change that was applied as %o, it says what has shown that', (found, words) => {
  expect(inWords({ type: 'applied', at, ...found })).toMatch(words)
})

test('for a change that was open in a backup that was put back, it says what that means', () => {
  const event = { type: 'put_back', at, by: 'operator:root', voids: [] } as const
  expect(inWords(event)).toBe('recorded that a backup was put back: no approval from before counts')
})

test('for an update that may never have been sent, it says what is on the token and no more', () => {
  const words = `found on the token what the update of ${at} was meant to write`
  expect(inWords({ type: 'write_arrived', at, sentAt: at })).toBe(words)
})

test.each([
  [{ by: [4, 7], elsewhere: false }, 'by #4, an update of an earlier revision'],
  [{ by: [4, 5], unproven: [5], elsewhere: false }, 'by #4 and as #5 asked'],
  [{ by: [7], unproven: [7], elsewhere: true }, 'as an earlier revision asked and elsewhere'],
  [{}, 'elsewhere'],
  [
    { perhaps: [7, 4], undated: true as const },
    'elsewhere, or by what was sent for #4, or the stack took what was sent only in part or in its own way, or the stack showed it as it was earlier',
  ],
  [{ by: [4], elsewhere: false, perhaps: [7], undated: true as const }, 'by #4'],
])('for a change that was stopped as %o, it names the others, and its own earlier revision as that', (moved, words) => {
  const stopped = { type: 'drift_found', at, live: settings(), ...moved } as const
  expect(inWords(stopped, 7)).toBe(`stopped it, since the token was changed ${words}`)
})
