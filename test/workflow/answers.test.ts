import { describe, expect, onTestFinished, test } from 'vitest'
import { createAnswers } from '../../src/workflow/answers.ts'

const leaseOf = (holder: string) => ({ holder, until: '2026-06-01T09:01:00.000Z' })
const [first, second, third] = ['first', 'second', 'third'].map(leaseOf) as [Lease, Lease, Lease]
type Lease = ReturnType<typeof leaseOf>

const came = { id: 1, lease: first, answer: { kind: 'taken' }, sentAt: '2026-06-01T09:00:00.000Z', over: null } as const

/** `goesOn` has the changes that are still being applied. */
function world(note = async () => {}) {
  const goesOn = new Set([1, 2])
  const answers = createAnswers({ note, isGoingOn: async ({ id }) => goesOn.has(id) })
  onTestFinished(() => void answers.stop())
  return { answers, goesOn }
}

describe('what this process began, and never came to the end of', () => {
  test.each([
    ['unsent', () => {}],
    ['sent', ({ answers }: ReturnType<typeof world>) => answers.leave(1, first)],
  ] as const)('is known to be %s while its change is being applied, and forgotten after that', async (step, goOn) => {
    const all = world()
    const { answers, goesOn } = all
    await answers.begin(1, first)
    goOn(all)
    await answers.begin(2, second)
    expect(answers.under(1, first)).toBe(step)
    goesOn.delete(1)
    await answers.begin(3, third)
    expect([first, second, third].map((lease, i) => answers.under(i + 1, lease))).toEqual([null, 'unsent', 'unsent'])
  })

  test('is told apart from what began in the same millisecond, under the same lease', async () => {
    const { answers, goesOn } = world()
    await answers.begin(1, first)
    answers.leave(1, first)
    await answers.begin(2, first)
    expect([1, 2].map((id) => answers.under(id, first))).toEqual(['sent', 'unsent'])
    answers.end(2, first)
    goesOn.delete(2)
    await answers.begin(3, third)
    expect(answers.under(1, first)).toBe('sent')
  })

  test('stays known where nobody can tell whether its change is being applied', async () => {
    const isGoingOn = () => Promise.reject(new Error('the database is locked'))
    const answers = createAnswers({ note: async () => {}, isGoingOn })
    await answers.begin(1, first)
    await answers.begin(2, second)
    expect(answers.under(1, first)).toBe('unsent')
  })

  test('is noted once, however many take what was answered at the same time', async () => {
    let noted = 0
    const { answers } = world(async () => void noted++)
    await answers.begin(1, first)
    await Promise.all([answers.take(came), answers.take(came)])
    expect([noted, answers.under(1, first)]).toEqual([1, null])
  })

  test('is kept when it was answered and the answer could not be noted, whatever became of its change', async () => {
    const { answers, goesOn } = world(() => Promise.reject(new Error('the disk is full')))
    await answers.begin(1, first)
    await expect(answers.take(came)).rejects.toThrow('the disk is full')
    goesOn.clear()
    await answers.begin(2, second)
    expect(answers.under(1, first)).toEqual(came)
  })
})
