import { describe, expect, test } from 'vitest'
import { createNoes, longestNoMs } from '../../../src/workflow/rounds/noes.ts'
import { createClock } from '../../support/clock.ts'

const no = Object.assign(new Error('the app may not post there'), { endedBy: 'operator' })
const outage = Object.assign(new Error('no answer'), { endedBy: 'itself' })

/** The seconds that a step is put off after each of these errors in a row. */
function putOffAfter(errors: readonly Error[]): number[] {
  const { now, pass } = createClock()
  const noes = createNoes(now)
  return errors.map((error) => {
    noes.note(1, 'card', error)
    let seconds = 0
    for (; noes.isPutOff(1, 'card') && seconds < 10_000; seconds += 1) pass(1)
    return seconds
  })
}

describe('a step that failed', () => {
  test('is asked for later and later after a definite no, up to an hour, and at once after anything else', () => {
    expect(putOffAfter([no, no, no])).toEqual([2, 4, 8])
    expect(putOffAfter(Array.from({ length: 14 }, () => no)).at(-1)).toBe(longestNoMs / 1000)
    expect(putOffAfter([outage, new Error('a bug')])).toEqual([0, 0])
    expect(putOffAfter([no, outage, no])).toEqual([2, 0, 4])
  })

  test('is due at once when its change has moved on, or the clock was set back', () => {
    const { now, pass } = createClock()
    const noes = createNoes(now)
    noes.note(1, 'card', no)
    noes.note(2, 'card', no)
    noes.askAgain(1)
    expect([noes.isPutOff(1, 'card'), noes.isPutOff(2, 'card')]).toEqual([false, true])
    pass(-60)
    expect(noes.isPutOff(2, 'card')).toBe(false)
  })

  test('counts as failing until it works, by its name', () => {
    const noes = createNoes(createClock().now)
    noes.note(1, 'card', no)
    noes.note(2, 'card', outage)
    noes.note(2, 'apply', outage)
    expect(noes.failing(['card', 'message'])).toBe(2)
    noes.end(2, 'card')
    expect(noes.failing(['card', 'message'])).toBe(1)
  })

  test('has the words of a definite no, and none of anything else', () => {
    const noes = createNoes(createClock().now)
    noes.note(1, 'card', no)
    noes.note(2, 'card', outage)
    expect([noes.said(1, 'card'), noes.said(2, 'card'), noes.said(1, 'message')]).toEqual([
      'the app may not post there',
      null,
      null,
    ])
  })
})

test('reasons that alternate are each told once, as long as there are few of them', () => {
  const noes = createNoes(createClock().now)
  const told = (why: string) => noes.note(1, 'card', new Error(why))
  expect(['a', 'b', 'a', 'b'].map(told)).toEqual([true, true, false, false])
  for (const why of ['c', 'd', 'e', 'f']) told(why)
  expect([told('a'), told('f')]).toEqual([true, false])
})
