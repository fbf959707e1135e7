import { expect, test } from 'vitest'
import { readFilter } from '../../../src/domain/token/filter.ts'

test.each([
  ['', '', null],
  [' website ', 'website', null],
  ['"Acme Site"', 'Acme Site', null],
  ['expir', '', 'soon'],
  ['expir…', '', 'soon'],
  ['Expiring soon', '', 'soon'],
  ['website expiring', 'website', 'soon'],
  ['expires on website', 'website', 'soon'],
  ['expired', '', 'expired'],
  ['on Acme Site expired', 'Acme Site', 'expired'],
  ['never expires', '', 'never'],
  ['never in shop', 'shop', 'never'],
  ['expiry-robot', 'expiry-robot', null],
])('/token list %j is read', (typed, text, expiry) => {
  expect(readFilter(typed)).toEqual({ text, expiry })
})
