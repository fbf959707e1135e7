import { expect, test } from 'vitest'
import { movedMessage, unknownMessage } from '../../../src/slack/card/moved.ts'
import { asked } from '../kit/asked.ts'
import { buttonsIn, reading, stored } from '../kit/drawn.ts'

const said = 'The card of change #42 to token ci-deploy on Website is now in another channel.'

test.each([
  ['says where it is', 'https://slack.example/card', `${said}\n[Open the card](https://slack.example/card)`],
  ['says that there is one where nobody knows a link to it', null, said],
])('an old card %s, and nothing can be decided on it', (_, cardLink, read) => {
  const message = movedMessage(stored(asked()), { stackTitle: 'Website', cardLink })
  expect(reading(message.blocks)).toBe(read)
  expect(message.text).toBe(said)
  expect(buttonsIn(message)).toEqual([])
})

test('a card of a change that is no longer known says so, and nothing can be decided on it', () => {
  const message = unknownMessage(42)
  expect(reading(message.blocks)).toMatch(/^Change #42 is no longer known here/)
  expect(message.text).toBe(reading(message.blocks))
  expect(buttonsIn(message)).toEqual([])
})
