import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { createAnswers } from '../../../src/workflow/apply/answers.ts'
import { applying, pending } from '../../support/changes.ts'

const leaseOf = (holder: string) => ({ holder, until: '2026-06-01T09:01:00.000Z' })
const [first, second, third] = ['first', 'second', 'third'].map(leaseOf) as [Lease, Lease, Lease]
type Lease = ReturnType<typeof leaseOf>

const came = { id: 1, lease: first, answer: { kind: 'taken' }, sentAt: '2026-06-01T09:00:00.000Z', over: null } as const

const under = (lease: Lease): Change => ({ ...applying(), lease })

/** `changes`: stored changes, by number. Any other can't be read. */
function world(changes: Record<number, Change>, note = async () => {}) {
  const get = async (id: number) => {
    const change = changes[id]
    if (!change) throw new Error('the database is locked')
    return { change, seq: 1, card: null, cardInDoubt: false, told: null }
  }
  const answers = createAnswers({ note, store: { get } })
  onTestFinished(() => void answers.stop())
  return { answers, changes }
}

describe('an update that this process began and never finished', () => {
  const unsent = () => {}
  const sent = ({ answers }: ReturnType<typeof world>) => answers.leave(1, first)
  test.each([
    ['unsent', 'not applied any more', unsent, pending()],
    ['sent', 'not applied any more', sent, pending()],
    ['sent', 'applied anew', sent, under(third)],
  ] as const)('is known to be %s until its change is %s, and forgotten after that', async (step, _, goOn, by) => {
    const all = world({ 1: under(first), 2: under(second) })
    const { answers, changes } = all
    await answers.begin(1, first)
    goOn(all)
    await answers.begin(2, second)
    expect(answers.under(1, first)).toBe(step)
    changes[1] = by
    await answers.begin(3, third)
    expect([first, second, third].map((lease, i) => answers.under(i + 1, lease))).toEqual([null, 'unsent', 'unsent'])
  })

  test('is told apart from what began in the same millisecond, under the same lease', async () => {
    const { answers, changes } = world({ 1: under(first), 2: under(first) })
    await answers.begin(1, first)
    answers.leave(1, first)
    await answers.begin(2, first)
    expect([1, 2].map((id) => answers.under(id, first))).toEqual(['sent', 'unsent'])
    answers.end(2, first)
    expect(answers.under(2, first)).toBe(null)
    changes[2] = pending()
    await answers.begin(3, third)
    expect(answers.under(1, first)).toBe('sent')
  })

  test('stays known if nobody can tell whether its change is being applied', async () => {
    const { answers } = world({})
    await answers.begin(1, first)
    await answers.begin(2, second)
    expect(answers.under(1, first)).toBe('unsent')
  })

  test('is noted once, however many take the answer at the same time', async () => {
    let noted = 0
    const { answers } = world({ 1: under(first) }, async () => void noted++)
    await answers.begin(1, first)
    await Promise.all([answers.take(came), answers.take(came)])
    expect([noted, answers.under(1, first)]).toEqual([1, null])
  })

  test('is kept if the answer could not be noted, whatever happened to its change', async () => {
    const { answers, changes } = world({ 1: under(first) }, () => Promise.reject(new Error('the disk is full')))
    await answers.begin(1, first)
    await expect(answers.take(came)).rejects.toThrow('the disk is full')
    changes[1] = pending()
    await answers.begin(2, second)
    expect(answers.under(1, first)).toEqual(came)
  })
})

describe('an answer that could not be noted', () => {
  /** Notes fail until the test says otherwise. */
  async function unnoted() {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const notes = { tried: 0, fail: true }
    const { answers } = world({ 1: under(first), 2: under(second) }, async () => {
      notes.tried++
      if (notes.fail) throw new Error('the disk is full')
    })
    await answers.begin(1, first)
    await answers.begin(2, second)
    await expect(answers.take(came)).rejects.toThrow('the disk is full')
    return { answers, notes }
  }

  test('is noted as soon as it can be, by itself', async () => {
    const { answers, notes } = await unnoted()
    await vi.advanceTimersByTimeAsync(250)
    expect([notes.tried, answers.under(1, first)]).toEqual([2, came])
    notes.fail = false
    await vi.advanceTimersByTimeAsync(250)
    expect([notes.tried, answers.under(1, first)]).toEqual([3, null])
    await vi.advanceTimersByTimeAsync(1000)
    expect(notes.tried).toBe(3)
  })

  test('is tried once more at the stop, which says that it is lost; and not after that', async () => {
    const { answers, notes } = await unnoted()
    expect(await answers.stop()).toEqual([came])
    expect(notes.tried).toBe(2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(notes.tried).toBe(2)
  })

  test('is not lost if it can be noted at the stop', async () => {
    const { answers, notes } = await unnoted()
    notes.fail = false
    expect(await answers.stop()).toEqual([])
  })
})
