import { expect, test } from 'vitest'
import { evolve } from '../../src/domain/change/evolve.ts'
import { operatorId } from '../../src/domain/operator.ts'
import { changeCard } from '../../src/slack/card/card.ts'
import { outcomeMessage } from '../../src/slack/card/outcome.ts'
import { asked, at } from '../slack/kit/asked.ts'
import { parts, reading, stored } from '../slack/kit/drawn.ts'

const root = operatorId('root')
const entered = asked({ enteredBy: root })
const around = { stackTitle: 'Website', others: [] }
const shown = { stackTitle: 'Website', cardLink: null }

function mentioned(drawn: unknown): unknown[] {
  return parts(drawn).flatMap((part) => (part.type === 'user' ? [part.user_id] : []))
}

test('the card and the message name the operator who entered a change as text, and mention nobody', () => {
  const card = changeCard(stored(entered), around)
  expect(reading(card.blocks)).toContain('Entered for them at a terminal by operator root')
  expect(card.text).toContain('by <@U0ALICE> (entered at a terminal by operator root) is waiting')
  const dm = outcomeMessage(stored(entered), shown)
  expect(reading(dm.blocks)).toContain(
    "It was entered for you at a terminal by operator root. If you don't want it, press Cancel on its card.",
  )
  expect(dm.text).toContain('It was entered for you at a terminal by operator root.')
  for (const drawn of [card, dm]) expect(JSON.stringify([mentioned(drawn.blocks), drawn.text])).not.toContain(root)
})

test('a change asked for in Slack says nothing about a terminal', () => {
  expect(JSON.stringify([changeCard(stored(asked()), around), outcomeMessage(stored(asked()), shown)])).not.toContain(
    'terminal',
  )
})

test("a change that an operator cancelled says so, and why, without a mention that is not Slack's", () => {
  const cancelled = evolve(asked(), { type: 'cancelled', at, by: root, reason: 'asked <twice>' })
  const card = changeCard(stored(cancelled), around)
  const dm = outcomeMessage(stored(cancelled), shown)
  for (const drawn of [card, dm]) {
    expect(reading(drawn.blocks)).toMatch(/was cancelled by operator root .*\nThe reason given:\nasked <twice>/)
    expect(drawn.text).toContain('was cancelled by operator root')
    expect(JSON.stringify([mentioned(drawn.blocks), drawn.text])).not.toContain(root)
  }
  expect(dm.text).toContain('Why: asked &lt;twice&gt;.')
})

test("an operator's user can't pass for the app's words or for a mention", () => {
  const card = changeCard(stored(asked({ enteredBy: operatorId('<@U0BOB>\u202e') })), around)
  expect(card.text).toContain('operator &lt;@U0BOB&gt;⟨U+202E⟩')
  expect(parts(card.blocks)).toContainEqual({
    type: 'text',
    text: 'operator <@U0BOB>⟨U+202E⟩',
    style: { code: true },
  })
})
