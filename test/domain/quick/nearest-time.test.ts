import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'

const about = { now: new Date('2026-11-30T12:00:00Z'), token: null }

function complaint(typed: string) {
  const found = readQuick(typed, (text) => text.trim() === 'ci')
  if ('command' in found) throw new Error(`${typed} was understood`)
  return {
    says: found.complaint.says,
    heads: found.complaint.lines?.(about).map((line) => line.slice('extend ci '.length)),
  }
}

describe('a time in an unknown form is answered with the nearest that works', () => {
  test.each([
    ['31.03.2027', '2027-03-31'],
    ['31-03-2027', '2027-03-31'],
    ['2027/12/31', '2027-12-31'],
    ['12/31/2027', '2027-12-31'],
    ['31 march', '2027-03-31'],
    ['to 31 march', '2027-03-31'],
    ['December 24', '2026-12-24'],
    ['31st of Jan 2027', '2027-01-31'],
    ['31-Jan-2027', '2027-01-31'],
    ['3mo', '3m'],
    ['6 mths', '6m'],
    ['1 quarter', '3m'],
    ['half a year', '6m'],
    ['a year', '1y'],
    ['forever', 'never'],
    ['90', '90d'],
    ['by 90', '90d'],
    ['90d more', '90d'],
    ['tomorrow', '2026-12-01'],
    ['end of month', '2026-11-30'],
    ['end of the year', '2026-12-31'],
    ['end of march', '2027-03-31'],
    ['Q2 2027', '2027-06-30'],
    ['end of Q1', '2027-03-31'],
    ['EOY', '2026-12-31'],
    ['end of the quarter', '2026-12-31'],
    ['three months', '3m'],
    ['by two weeks', '2w'],
    ['90 more days', '90d'],
    ['indefinitely', 'never'],
    ['2027-12-31 23:59', '2027-12-31'],
    ['2027-12-31T00:00:00Z', '2027-12-31'],
    ['in 90 days', '2027-02-28'],
    ['a year from now', '2027-11-30'],
    ['until next friday', '2026-12-04'],
    ['until monday', '2026-12-07'],
    ['next month', '2026-12-30'],
    ['end of next month', '2026-12-31'],
    ['another quarter', '3m'],
    ['another year', '1y'],
    ['31.12.', '2026-12-31'],
    ['31.12.27', '2027-12-31'],
    ['12/31/27', '2027-12-31'],
  ])('extend ci %s', (typed, head) => {
    expect(complaint(`extend ci ${typed}`).heads).toEqual([head])
  })

  test.each([
    ['until December', ['2026-12-31', '2026-12-01']],
    ['until march 2028', ['2028-03-31', '2028-03-01']],
    ['2027-12', ['2027-12-31', '2027-12-01']],
    ['until 2028', ['2028-12-31', '2028-01-01']],
  ])('extend ci %s may be the end or the start of it', (typed, heads) => {
    expect(complaint(`extend ci ${typed}`).heads).toEqual(heads)
  })

  test('a date that could mean two days says so, and both are offered', () => {
    expect(complaint('extend ci 03/04/2027')).toEqual({
      says: 'could mean either of two days: it is not clear which number is the month.',
      heads: ['2027-04-03', '2027-03-04'],
    })
  })

  test.each([
    ['2027-02-30', 'is not a day: February 2027 has 28 days.', '2027-02-28'],
    ['30 February 2028', 'is not a day: February 2028 has 29 days.', '2028-02-29'],
    ['31.04.2027', 'is not a day: April 2027 has 30 days.', '2027-04-30'],
  ])('%s %s', (typed, says, head) => {
    expect(complaint(`extend ci ${typed}`)).toEqual({ says, heads: [head] })
  })

  test.each(['soon', '31 Foo 2027', '0d', '99999d', '45.13.2027'])('%s comes near none', (typed) => {
    expect(complaint(`extend ci ${typed}`).heads).toEqual([])
  })
})
