import { expect, test } from 'vitest'
import { createCardless } from '../../../src/workflow/cards/cardless.ts'
import { inEveryStatus, pending } from '../../support/changes.ts'
import { createClock } from '../../support/clock.ts'

const clock = createClock()
const stored = {
  change: { ...pending(), proposedAt: clock.iso() },
  seq: 1,
  card: null,
  cardInDoubt: false,
  told: null,
}

function shown(why: string | null, of = stored, isFirst = false) {
  const cardless = createCardless({ whyRefused: () => why, isFirstCard: () => isFirst, now: clock.now })
  return cardless.shown(of).change.cardless
}

test('a change is not reported as without a card in the moment before that is posted', () => {
  expect(shown(null)).toBeUndefined()
  expect(shown('it is archived')).toEqual({ why: 'it is archived', isInDoubt: false })
  clock.pass(59)
  expect(shown(null)).toBeUndefined()
  clock.pass(1)
  expect(shown(null)).toEqual({ why: null, isInDoubt: false })
  expect(shown(null, { ...stored, cardInDoubt: true })).toEqual({ why: null, isInDoubt: true })
})

test('a refusal after a post that was left unanswered does not prove that there is no card, but one before the only post does', () => {
  const why = 'it is archived'
  expect(shown(why, { ...stored, cardInDoubt: true })).toEqual({ why, isInDoubt: true })
  expect(shown(why, { ...stored, cardInDoubt: true }, true)).toEqual({ why, isInDoubt: false })
})

test('nothing is said about the card of a change that has one, has ended or is set aside', () => {
  const card = { channel: 'C1', ts: '1.0', seq: 1 }
  const { shown } = createCardless({ whyRefused: () => 'it is archived', isFirstCard: () => false, now: clock.now })
  expect(shown({ ...stored, card }).change).not.toHaveProperty('cardless')
  expect(shown({ ...stored, change: { ...pending(), setAside: 'it is not configured' } }).change).not.toHaveProperty(
    'cardless',
  )
  for (const change of inEveryStatus())
    expect('cardless' in shown({ ...stored, change }).change, change.status).toBe(!('endedAt' in change))
})
