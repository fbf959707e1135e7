import { describe, expect, test } from 'vitest'
import * as Cancelling from '../../src/domain/change/cancelling.ts'
import { hasEnded, requestersOf } from '../../src/domain/change/change.ts'
import { obstacle } from '../../src/domain/change/electorate.ts'
import { changeEvent } from '../../src/domain/change/event.ts'
import { evolve } from '../../src/domain/change/evolve.ts'
import { operatorId, operatorOf } from '../../src/domain/operator.ts'
import { applying, electorate, inEveryStatus, pending } from '../support/changes.ts'
import { refusalOf } from '../support/refusal.ts'
import { alice, bob } from '../support/world.ts'

const at = '2026-06-01T10:00:00.000Z'
const root = operatorId('root')

describe('an operator at a terminal', () => {
  test('is known by their user, and nobody in Slack is taken for one', () => {
    expect([operatorOf(root), operatorOf(alice), operatorOf('app')]).toEqual(['root', null, null])
  })

  test('cancels anything that is not being written yet, whoever asked for it, and says why', () => {
    for (const change of inEveryStatus().filter(({ status }) => ['pending', 'approved', 'drifted'].includes(status))) {
      const event = Cancelling.cancelAsOperator(change, { by: root, at, reason: ' asked twice ' })
      expect(event).toEqual({ type: 'cancelled', at, by: root, reason: 'asked twice' })
      expect(evolve(change, event)).toMatchObject({
        status: 'cancelled',
        cancelledBy: root,
        cancellation: 'asked twice',
      })
      expect(changeEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event)
    }
  })

  test('need not say why', () => {
    const event = Cancelling.cancelAsOperator(pending(), { by: root, at, reason: ' ' })
    expect(event).toEqual({ type: 'cancelled', at, by: root })
    expect(evolve(pending(), event)).not.toHaveProperty('cancellation')
  })

  test('does not cancel what is being written or has ended, nor with more words than a card has room for', () => {
    for (const change of [applying(), ...inEveryStatus().filter(hasEnded)])
      expect(refusalOf(() => Cancelling.cancelAsOperator(change, { by: root, at, reason: '' }))).toMatchObject({
        code: 'wrong_status',
      })
    const because = (length: number) => () =>
      Cancelling.cancelAsOperator(pending(), { by: root, at, reason: 'x'.repeat(length) })
    expect(refusalOf(because(1001))).toEqual({
      code: 'invalid',
      message: 'The reason is too long for the card: at most 1000 characters fit. Nothing was done.',
    })
    expect(because(1000)()).toMatchObject({ type: 'cancelled' })
  })

  test('somebody who enters a change is neither among those who ask for it nor makes the person they name an approver', () => {
    const change = pending({ enteredBy: root })
    expect(change.enteredBy).toBe(root)
    expect(requestersOf(change)).toEqual([alice])
    expect(obstacle(change, alice, electorate(change, {}, { people: [alice, bob] }))).toMatch(/whoever asks/)
  })
})
