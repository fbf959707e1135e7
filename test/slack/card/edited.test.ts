import { expect, test } from 'vitest'
import type { Edited } from '../../../src/ports/telling.ts'
import { editedMessage } from '../../../src/slack/card/edited.ts'
import { alice, bob, carol, settings } from '../../support/world.ts'
import { amended, asked } from '../kit/asked.ts'
import { buttonsIn, reading, stored } from '../kit/drawn.ts'

const around = { stackTitle: 'Website', cardLink: 'https://slack.example/card' }
const was = { after: settings({ name: 'ci-release' }), reason: 'The pipeline moved' }
const edit = (changes: Partial<Edited> = {}): Edited => ({
  ...{ type: 'amended', by: bob, from: [], was },
  is: { after: settings({ name: 'ci-next' }), reason: 'A better name' },
  ...changes,
})
const change = asked({}, amended(bob, { reason: 'A better name', reasonBy: bob }))

test('the requester is told who edited their change, and what differs between the revisions', () => {
  const said = editedMessage(stored(change), edit(), alice, around)
  expect(reading(said.blocks)).toBe(
    [
      '@U0BOB edited your change #42 to token ci-deploy on Website: it is revision 2 now. It is waiting for 1 approval.',
      'What it asks for now, instead of what it asked for before:',
      'Name: ci-release → ci-next',
      'The reason, by @U0BOB:',
      'A better name',
      'It was:',
      'The pipeline moved',
      'Neutral: what the token may do stays the same.',
      '[Open the card](https://slack.example/card)',
    ].join('\n'),
  )
  expect(said.text).toBe(
    '<@U0BOB> edited your change #42 to token ci-deploy on Website: it is revision 2 now. It is waiting for 1 approval. ' +
      'Before and now: Name from ci-release to ci-next. Reason: A better name.',
  )
  expect(buttonsIn(said)).toEqual([])
})

test('a token whose name looks like another one is named with its script', () => {
  const before = settings({ name: 'ci-d\u0435ploy' })
  const odd = asked({ before }, amended(bob, { before, reason: 'A better name', reasonBy: bob }))
  expect(reading(editedMessage(stored(odd), edit(), alice, around).blocks)).toContain('to token ci-d⟨U+0435⟩ploy on')
})

test('fields that stay the same are not listed', () => {
  const said = editedMessage(stored(change), edit({ is: { ...was, reason: 'A better name' } }), alice, around)
  expect(reading(said.blocks)).not.toContain('What it asks for now')
  const renamed = editedMessage(stored(change), edit({ is: { ...edit().is, reason: was.reason } }), alice, around)
  expect(reading(renamed.blocks)).not.toContain('reason')
})

test('an earlier editor reads that it is theirs in part', () => {
  expect(editedMessage(stored(change), edit(), carol, around).text).toMatch(
    /^<@U0BOB> edited change #42 to token ci-deploy on Website, which you had a hand in: it is revision 2 now\./,
  )
})

test('somebody who may no longer ask reads that somebody else asks for it now', () => {
  const taken = edit({ type: 'taken_over', from: [alice], is: was })
  const next = { ...change, requester: bob, amenders: [] }
  expect(editedMessage(stored(next), taken, alice, around).text).toBe(
    '<@U0BOB> took over your change #42 to token ci-deploy on Website: what it asks for stays the same, and is asked for ' +
      'in their name. It is revision 2 now. It is waiting for 1 approval.',
  )
})
