import { expect, test } from 'vitest'
import { createCardless } from '../../src/workflow/cardless.ts'
import { inEveryStatus, pending } from '../support/changes.ts'
import { createClock } from '../support/clock.ts'

const clock = createClock()
const stored = {
  change: { ...pending(), proposedAt: clock.iso() },
  seq: 1,
  card: null,
  cardInDoubt: false,
  told: null,
}

function shown(why: string | null, of = stored) {
  return createCardless({ whyRefused: () => why, now: clock.now }).shown(of).change.cardless
}

test('a change is not said to have no card in the moment before that is posted', () => {
  expect(shown(null)).toBeUndefined()
  expect(shown('it is archived')).toEqual({ why: 'it is archived', isInDoubt: false })
  clock.pass(59)
  expect(shown(null)).toBeUndefined()
  clock.pass(1)
  expect(shown(null)).toEqual({ why: null, isInDoubt: false })
  expect(shown(null, { ...stored, cardInDoubt: true })).toEqual({ why: null, isInDoubt: true })
  expect(shown('it is archived', { ...stored, cardInDoubt: true })).toEqual({ why: 'it is archived', isInDoubt: false })
})

test('nothing is said of the card of a change that has one, has ended or is set aside', () => {
  const card = { channel: 'C1', ts: '1.0', seq: 1 }
  const { shown } = createCardless({ whyRefused: () => 'it is archived', now: clock.now })
  expect(shown({ ...stored, card }).change).not.toHaveProperty('cardless')
  expect(shown({ ...stored, change: { ...pending(), setAside: 'it is not configured' } }).change).not.toHaveProperty(
    'cardless',
  )
  for (const change of inEveryStatus())
    expect('cardless' in shown({ ...stored, change }).change, change.status).toBe(!('endedAt' in change))
})
