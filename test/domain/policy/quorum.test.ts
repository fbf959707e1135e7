import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canBeMet, idsOf, type Seats, seatsMissing } from '../../../src/domain/policy/quorum.ts'

const people = ['a', 'b', 'c', 'd', 'e']
const party = (people: string, quorum = 1): Seats => ({ people: [...people], quorum })

test('each person fills one seat: one of security and one of the owners are always two people', () => {
  const parties = [party('ab'), party('bc')]
  expect(seatsMissing(parties, ['b'])).toBe(1)
  expect(seatsMissing(parties, ['b', 'b'])).toBe(1)
  expect(seatsMissing(parties, ['a', 'b'])).toBe(0)
  expect(seatsMissing(parties, ['b', 'c'])).toBe(0)
  expect(seatsMissing(parties, ['a'])).toBe(1)
})

test('people who could sit in several places make room for others, whatever the order', () => {
  const parties = [party('abc'), party('ab'), party('a')]
  for (const order of ['abc', 'acb', 'bac', 'bca', 'cab', 'cba']) expect(seatsMissing(parties, [...order])).toBe(0)
})

test('approvals of people whom no party names fill no seat', () => {
  expect(seatsMissing([party('ab', 2)], ['a', 'x', 'y'])).toBe(1)
  expect(seatsMissing([party('', 2)], ['x'])).toBe(2)
})

test('no party has no seat to fill', () => {
  expect(seatsMissing([], ['a'])).toBe(0)
})

/** The number missing when everybody sits as well as possible, found by trying every seating. */
function missingByTrying(parties: readonly Seats[], approvers: readonly string[]): number {
  const seats = parties.flatMap(({ people, quorum }) => Array.from({ length: quorum }, () => people))
  const fill = (seat: number, free: readonly string[]): number => {
    if (seat === seats.length) return 0
    const ways = free.filter((person) => seats[seat]!.includes(person))
    return Math.max(
      fill(seat + 1, free),
      ...ways.map(
        (person) =>
          1 +
          fill(
            seat + 1,
            free.filter((other) => other !== person),
          ),
      ),
    )
  }
  return seats.length - fill(0, [...new Set(approvers)])
}

const parties = fc.array(fc.record({ people: fc.subarray(people), quorum: fc.constantFrom(1, 1, 2) }), { maxLength: 3 })
const some = fc.array(fc.constantFrom(...people, 'x'), { maxLength: 6 })

test('as many sit as in the best possible seating', () => {
  fc.assert(
    fc.property(parties, some, (parties, approvers) => {
      expect(seatsMissing(parties, approvers)).toBe(missingByTrying(parties, approvers))
    }),
    { numRuns: 500 },
  )
})

test('one more approval never leaves more seats empty, and fills at most one', () => {
  fc.assert(
    fc.property(parties, some, fc.constantFrom(...people), (parties, approvers, next) => {
      const less = seatsMissing(parties, approvers) - seatsMissing(parties, [...approvers, next])
      expect([0, 1]).toContain(less)
    }),
  )
})

test('a quorum can be met exactly if it is met once everybody who may has approved', () => {
  fc.assert(
    fc.property(parties, fc.subarray(people), (parties, barred) => {
      const willing = people.filter((person) => !barred.includes(person))
      expect(canBeMet(parties, barred)).toBe(missingByTrying(parties, willing) === 0)
    }),
    { numRuns: 300 },
  )
})

test('a quorum larger than its party cannot be met', () => {
  expect(canBeMet([party('ab', 3)], [])).toBe(false)
  expect(canBeMet([party('abc', 3)], [])).toBe(true)
  expect(canBeMet([party('abc', 3)], ['c'])).toBe(false)
})

test('every id that parties name is found once', () => {
  const from = (...ids: string[]) => ({ from: ids, quorum: 1 })
  expect(idsOf([from('U1', 'S1'), from('S1', 'U2')])).toEqual(['U1', 'S1', 'U2'])
})
