import { describe, expect, test } from 'vitest'
import { dayOf, isDay, laterBy, movedTo } from '../../../src/domain/token/expiry.ts'

test.each(['2027-01-31', '2028-02-29', '0001-01-01', '9999-12-31'])('%s is a day', (text) => {
  expect(isDay(text)).toBe(true)
})

test.each([
  '',
  'soon',
  '2027',
  '2027-02',
  '2027-02-29',
  '2027-13-01',
  '2027-1-31',
  ' 2027-01-31',
  '2027-01-31 ',
  '2027-01-31T00:00:00.000Z',
  '31.01.2027',
  '12027-01-31',
  '+012027-01-31',
])('"%s" is not a day', (text) => {
  expect(isDay(text)).toBe(false)
})

test('a token ends on a day in UTC, or on none that can be named', () => {
  expect(dayOf('2027-01-31T23:30:00-05:00')).toBe('2027-02-01')
  expect(dayOf('2027-01-31T23:30:00.000+0530')).toBe('2027-01-31')
  for (const never of [null, 'soon', '+012027-01-31', '-000001-01-31']) expect(dayOf(never)).toBeNull()
})

test.each(['2027-01-31T23:59:59', '31 Jan 2027', '2027-02-31', '2027-02-31T00:00:00Z'])(
  'nobody can name the day of "%s": it has no zone, or there is no such day',
  (text) => {
    expect(dayOf(text)).toBeNull()
  },
)

describe('a moved expiry', () => {
  test('keeps the format that came', () => {
    expect(movedTo('2027-05-01', '2027-01-31')).toBe('2027-05-01')
    expect(movedTo('2027-05-01', '2027-01-31T06:00:00Z')).toBe('2027-05-01T00:00:00Z')
    expect(movedTo('2027-05-01', '2027-01-31T06:00:00.000Z')).toBe('2027-05-01T00:00:00.000Z')
    expect(movedTo('2027-05-01', '2027-01-31T06:00:00+00:00')).toBe('2027-05-01T00:00:00+00:00')
    expect(movedTo('2027-05-01', '2027-01-31T23:59:59.999Z')).toBe('2027-05-01T23:59:59.999Z')
    expect(movedTo('2027-05-01', '2027-01-31T23:59:59-05:00')).toBe('2027-05-01T00:00:00+00:00')
    expect(movedTo('2027-05-01', null)).toBe('2027-05-01')
  })

  test('to the day that it already has, is as it was', () => {
    expect(movedTo('2027-01-31', '2027-01-31T06:00:00Z')).toBe('2027-01-31T06:00:00Z')
  })
})

describe('a later day', () => {
  test.each([
    [1, 'd', '2027-02-01'],
    [2, 'w', '2027-02-14'],
    [1, 'm', '2027-02-28'],
    [11, 'm', '2027-12-31'],
    [12, 'm', '2028-01-31'],
    [1, 'y', '2028-01-31'],
    [7972, 'y', '9999-01-31'],
  ] as const)('by %i%s is %s', (count, unit, later) => {
    expect(laterBy('2027-01-31', { count, unit })).toBe(later)
  })

  test('after 9999-12-31 is rejected', () => {
    expect(laterBy('2027-01-31', { count: 7973, unit: 'y' })).toBeNull()
    expect(laterBy('9999-12-31', { count: 1, unit: 'd' })).toBeNull()
  })
})
