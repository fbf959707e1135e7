import { expect, test } from 'vitest'
import { createDoor, lastingSince } from '../../../src/workflow/looks/door.ts'
import { createClock } from '../../support/clock.ts'

test('a service that does not let the app in is reported once, with its newest reason and since when', () => {
  const { now, pass, iso } = createClock()
  const told: (string | null)[] = []
  const door = createDoor({ now, onChange: (why) => told.push(why) })
  const since = iso()
  door.refuses('the authtoken is not accepted')
  pass(60)
  door.refuses('the account may not manage tokens')
  expect(door.shut()).toEqual({ why: 'the account may not manage tokens', since })
  expect(told).toEqual(['the authtoken is not accepted'])
})

test.each([
  ['nothing lasts', [{ since: '08', until: '09' }], null],
  ['one lasts', [{ since: '09', until: null }], '09'],
  [
    'two last, whichever is named first',
    [
      { since: '09', until: null },
      { since: '07', until: null },
    ],
    '07',
  ],
  [
    'one ended before it began',
    [
      { since: '07', until: '08' },
      { since: '09', until: null },
    ],
    '09',
  ],
  [
    'one ended as it began',
    [
      { since: '07', until: '09' },
      { since: '09', until: null },
    ],
    '07',
  ],
  [
    'one ended while it lasted',
    [
      { since: '09', until: null },
      { since: '07', until: '10' },
    ],
    '07',
  ],
  [
    'one within it',
    [
      { since: '09', until: null },
      { since: '10', until: '11' },
    ],
    '09',
  ],
  [
    'two before it, each reaching to the next, in any order',
    [
      { since: '05', until: '07' },
      { since: '09', until: null },
      { since: '06', until: '09' },
    ],
    '05',
  ],
])('trouble without a break is counted from its first part: %s', (_, spells, since) => {
  expect(lastingSince(spells)).toBe(since)
})

test('a service that lets the app in again ends the spell, which is the last that is over', () => {
  const { now, pass, iso } = createClock()
  const told: (string | null)[] = []
  const door = createDoor({ now, onChange: (why) => told.push(why) })
  const since = iso()
  door.accepts()
  door.refuses('the account may not manage tokens')
  pass(60)
  const until = iso()
  door.accepts()
  door.accepts()
  expect([door.shut(), door.spells(), told]).toEqual([
    null,
    [{ since, until }],
    ['the account may not manage tokens', null],
  ])
  pass(60)
  const again = iso()
  door.refuses('the authtoken is not accepted')
  expect(door.spells()).toEqual([
    { since, until },
    { since: again, until: null },
  ])
})
