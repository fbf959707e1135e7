import { describe, expect, test } from 'vitest'
import { readQuick } from '../../../src/domain/quick/command.ts'

const tokens = ['ci', 'ci read', 'big until']
const read = (typed: string) => readQuick(typed, (text) => tokens.includes(text.trim()))
const asks = (typed: string) => {
  const found = read(typed)
  return 'command' in found ? found.command : found.complaint
}

describe('a quick command takes what people type', () => {
  test.each([
    ['extend ci by 90d', { kind: 'for', count: 90, unit: 'd' }],
    ['extend ci another 90 days', { kind: 'for', count: 90, unit: 'd' }],
    ['extend ci +90d', { kind: 'for', count: 90, unit: 'd' }],
    ['extend ci for 3 weeks', { kind: 'for', count: 3, unit: 'w' }],
    ['extend ci until 2027-01-31', { kind: 'day', day: '2027-01-31' }],
    ['extend ci till 31 Jan 2027', { kind: 'day', day: '2027-01-31' }],
    ['extend ci to 31 January 2027', { kind: 'day', day: '2027-01-31' }],
    ['extend ci by 1st Feb 2027', { kind: 'day', day: '2027-02-01' }],
    ['extend ci Sept. 5, 2027', { kind: 'day', day: '2027-09-05' }],
    ['extend nobody by 90d', { kind: 'for', count: 90, unit: 'd' }],
    ['extend big until until 3 Mar 2027', { kind: 'day', day: '2027-03-03' }],
  ])('%s', (typed, until) => {
    expect(asks(typed)).toMatchObject({ verb: 'extend', until })
  })

  test.each([
    ['grant ci write assets', 'write', ['asset']],
    ['grant ci write on assets and entries', 'write', ['asset', 'entry']],
    ['grant ci read,write on entries', 'write', ['entry']],
    ['grant ci read and write to entries', 'write', ['entry']],
    ['grant ci write/read entry', 'write', ['entry']],
    ['grant ci read write on entry', 'write', ['entry']],
    ['grant nobody read all', 'read', 'everything'],
    ['revoke ci write assets', 'write', ['asset']],
    ['revoke ci write from assets', 'write', ['asset']],
    ['revoke ci read & write on assets', 'read', ['asset']],
  ])('%s', (typed, access, on) => {
    expect(asks(typed)).toMatchObject({ access, on })
  })

  test('limit ci 50/10', () => {
    expect(asks('limit ci 50/10')).toMatchObject({ verb: 'limit', to: { read: 50, write: 10 } })
  })
})

test('the token whose name goes on is meant where the rest can be read either way', () => {
  expect(asks('grant ci read write on entry')).toMatchObject({ token: 'ci read', access: 'write' })
})

test.each([
  ['extend ci until 90d', '90d', /is a length of time after the current expiry: say by 90d/],
  ['extend ci 31.01.2027', '31.01.2027', /is not a length or a day that can be read/],
  ['extend ci 31 Feb 2027', '31 Feb 2027', /is not a day: February 2027 has 28 days/],
  ['extend ci 31 Foo 2027', '31 Foo 2027', /is not a length or a day that can be read/],
  ['extend ci 31 Marble 2027', '31 Marble 2027', /is not a length or a day that can be read/],
  ['grant ci write onn assets', 'onn', /say "on", and then on what/],
  ['grant ci write asets', 'asets', /is not a module/],
  ['limit ci 50/', '50/', /does not say how many/],
])('%s is refused for "%s"', (typed, word, says) => {
  expect(asks(typed)).toMatchObject({ word, says: expect.stringMatching(says) })
})
