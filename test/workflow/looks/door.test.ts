import { expect, test } from 'vitest'
import { createDoor } from '../../../src/workflow/looks/door.ts'
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
