import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Party } from '../../../src/domain/policy/policy.ts'
import { type Progress, progressOf } from '../../../src/domain/policy/progress.ts'
import { seatsMissing } from '../../../src/domain/policy/quorum.ts'

const party = (from: string, quorum = 1): Party => ({ from: from.split(' '), quorum })
const by = (...people: string[]) => people.map((one) => ({ by: one }))

/** `UA UB: 1 more of UA UC`, a line a row. */
function rows(progress: readonly Progress<{ by: string }>[]): string[] {
  return progress.map(({ parties, given, left }) => {
    const of = parties.map(({ from }) => from.join(' ')).join(' + ')
    const more = 'exactly' in left ? `${left.exactly}` : `${left.atLeast} or more`
    return `${of}: ${given.map((one) => one.by).join(' ')}, ${more} to go`
  })
}

describe('who has approved, party by party', () => {
  test('of people who are named in one party only is told for each party', () => {
    const parties = [party('UA UB', 2), party('UC')]
    expect(rows(progressOf(parties, { approvals: [], allCount: true }))).toEqual(['UA UB: , 2 to go', 'UC: , 1 to go'])
    expect(rows(progressOf(parties, { approvals: by('UC', 'UA'), allCount: true }))).toEqual([
      'UA UB: UA, 1 to go',
      'UC: UC, 0 to go',
    ])
  })

  test('somebody in two parties counts for the one that still needs them, and otherwise these come together', () => {
    const parties = [party('UA UB'), party('UB UC'), party('UD')]
    expect(rows(progressOf(parties, { approvals: by('UB'), allCount: true }))).toEqual([
      'UA UB + UB UC: UB, 1 to go',
      'UD: , 1 to go',
    ])
    expect(rows(progressOf(parties, { approvals: by('UB', 'UA'), allCount: true }))).toEqual([
      'UA UB: UA, 0 to go',
      'UB UC: UB, 0 to go',
      'UD: , 1 to go',
    ])
  })

  test('of a single user group is told without knowing who is in it', () => {
    expect(rows(progressOf([party('S0OWNERS', 2)], { approvals: by('UA'), allCount: true }))).toEqual([
      'S0OWNERS: UA, 1 to go',
    ])
  })

  test('of user groups whose members nobody looked up is told for all of them together', () => {
    const parties = [party('S0SECURITY'), party('S0OWNERS'), party('UZ')]
    expect(rows(progressOf(parties, { approvals: by('UA'), allCount: true }))).toEqual([
      'S0SECURITY + S0OWNERS: UA, 1 to go',
      'UZ: , 1 to go',
    ])
    expect(rows(progressOf(parties, { approvals: by('UA', 'UB'), allCount: true }))).toEqual([
      'S0SECURITY + S0OWNERS: UA UB, 0 or more to go',
      'UZ: , 1 to go',
    ])
  })

  test('of user groups is told for each once their members are known', () => {
    const parties = [party('S0SECURITY'), party('S0OWNERS')]
    const seated = [['UA', 'UB'], []]
    expect(rows(progressOf(parties, { approvals: by('UA', 'UB'), seated, allCount: true }))).toEqual([
      'S0SECURITY: UA UB, 0 to go',
      'S0OWNERS: , 1 to go',
    ])
  })

  test('under a rule that the approvals were not given for, nobody is said to have approved who may not count', () => {
    expect(rows(progressOf([party('S0OWNERS')], { approvals: by('UA'), allCount: false }))).toEqual([
      'S0OWNERS: , 0 or more to go',
    ])
    expect(rows(progressOf([party('UA UB', 2)], { approvals: by('UA', 'UC'), allCount: false }))).toEqual([
      'UA UB: UA, 1 to go',
    ])
  })
})

const ids = fc.constantFrom('UA', 'UB', 'UC', 'UD', 'S0ONE', 'S0TWO')
const parties = fc.array(
  fc.record({ from: fc.uniqueArray(ids, { minLength: 1, maxLength: 3 }), quorum: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 4 },
)
const people = fc.uniqueArray(fc.constantFrom('UA', 'UB', 'UC', 'UD'), { maxLength: 4 })
const world = fc.record({ S0ONE: people, S0TWO: people })

test('whoever is in the groups, the numbers are those of the rule, and never more than is needed', () => {
  fc.assert(
    fc.property(parties, people, world, (parties, approvers, groups) => {
      const within = ({ from }: Party) => from.flatMap((id) => groups[id as 'S0ONE'] ?? [id])
      const seats = parties.map((one) => ({ people: within(one), quorum: one.quorum }))
      const approvals = by(...approvers.filter((one) => seats.some(({ people }) => people.includes(one))))
      const missing = seatsMissing(
        seats,
        approvals.map((one) => one.by),
      )
      const seated = seats.map(({ people }) => people)
      const known = progressOf(parties, { approvals, seated, allCount: true })
      const blind = progressOf(parties, { approvals, allCount: true })
      const sum = (all: readonly Progress<{ by: string }>[]) =>
        all.reduce((sum, { left }) => sum + ('exactly' in left ? left.exactly : left.atLeast), 0)
      expect(known.every(({ left }) => 'exactly' in left)).toBe(true)
      expect(sum(known)).toBe(missing)
      if (blind.every(({ left }) => 'exactly' in left)) expect(sum(blind)).toBe(missing)
      else expect(sum(blind)).toBeLessThanOrEqual(missing)
      for (const all of [known, blind]) {
        expect(new Set(all.flatMap((row) => row.parties))).toEqual(new Set(parties))
        expect(new Set(all.flatMap(({ given }) => given))).toEqual(new Set(approvals))
      }
    }),
    { numRuns: 2000 },
  )
})
