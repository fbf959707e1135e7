import { expect, test } from 'vitest'
import { createCardless } from '../../../src/workflow/cards/cardless.ts'
import { inEveryStatus, pending } from '../../support/changes.ts'
import { createClock } from '../../support/clock.ts'

const start = createClock()
const stored = {
  change: { ...pending(), proposedAt: start.iso() },
  seq: 1,
  card: null,
  cardInDoubt: false,
  told: null,
}

/** As it is shown so many seconds after it was asked for. */
function shownAfter(seconds: number, why: string | null, of = stored, isFirst = false) {
  const clock = createClock()
  clock.pass(seconds)
  const cardless = createCardless({ whyRefused: () => why, isFirstCard: () => isFirst, now: clock.now })
  return cardless.shown(of).change.cardless
}

test('a change is not reported as without a card in the moment before that is posted', () => {
  expect(shownAfter(0, null)).toBeUndefined()
  expect(shownAfter(0, 'it is archived')).toEqual({ why: 'it is archived', isInDoubt: false })
  expect(shownAfter(59, null)).toBeUndefined()
  expect(shownAfter(60, null)).toEqual({ why: null, isInDoubt: false })
  expect(shownAfter(60, null, { ...stored, cardInDoubt: true })).toEqual({ why: null, isInDoubt: true })
})

test('a refusal after a post that was left unanswered does not prove that there is no card, but one before the only post does', () => {
  const why = 'it is archived'
  expect(shownAfter(60, why, { ...stored, cardInDoubt: true })).toEqual({ why, isInDoubt: true })
  expect(shownAfter(60, why, { ...stored, cardInDoubt: true }, true)).toEqual({ why, isInDoubt: false })
})

test('nothing is said about the card of a change that has one, has ended or is set aside', () => {
  const card = { channel: 'C1', ts: '1.0', seq: 1 }
  const { shown } = createCardless({ whyRefused: () => 'it is archived', isFirstCard: () => false, now: start.now })
  expect(shown({ ...stored, card }).change).not.toHaveProperty('cardless')
  expect(shown({ ...stored, change: { ...pending(), setAside: 'it is not configured' } }).change).not.toHaveProperty(
    'cardless',
  )
  for (const change of inEveryStatus())
    expect('cardless' in shown({ ...stored, change }).change, change.status).toBe(!('endedAt' in change))
})
